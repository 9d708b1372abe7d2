const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/** Windows programs begin their output with a mark that is no part of it: where the line begins. */
export function afterMark(source: Buffer, start: number, end: number): number {
  const first = start + BYTE_ORDER_MARK.length;
  return first <= end && source.subarray(start, first).equals(BYTE_ORDER_MARK) ? first : start;
}
