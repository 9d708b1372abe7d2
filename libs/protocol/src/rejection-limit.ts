/** How many records of a stream may be rejected. */
export interface RejectionLimits {
  /** Always tolerated, as long as the stream has more good ones. */
  rejectedMax: number;
  /** Of a larger stream. */
  rejectedShare: number;
}

export interface RejectionCounts {
  /** Records that came, rejected ones among them. */
  rows: number;
  rejected: number;
}

/** A stream of which more is rejected than loaded is no success, however few records it has. */
const MOSTLY = 0.5;

/** Rejected records that a stream of so many rows may have: with one more it stops at once. */
export function rejectedAllowed(rows: number, { rejectedMax, rejectedShare }: RejectionLimits): number {
  return Math.max(rejectedMax, Math.floor(rejectedShare * rows));
}

/** Whether most of a stream is rejected: until that changes no bookmark moves over it, and at the end it fails. */
export function isMostlyRejected(
  { rows, rejected }: RejectionCounts,
  { rejectedShare }: Pick<RejectionLimits, 'rejectedShare'>,
): boolean {
  return rejected > Math.max(MOSTLY, rejectedShare) * rows;
}
