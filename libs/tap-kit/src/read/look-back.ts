const MINUTE_MS = 60_000;

/** Where the next read begins: at the start of this one, less the setting that every tap has under this name. It covers changes that were still
 *  being written then, and clocks that disagree.
 *  @param startedAt ISO 8601
 *  @returns the same in UTC */
export function lookBack(startedAt: string, { lookback_minutes: minutes }: { lookback_minutes: number }): string {
  return new Date(Date.parse(startedAt) - minutes * MINUTE_MS).toISOString();
}
