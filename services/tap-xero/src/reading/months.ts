/** The last days of months as `2024-01-31`, the month of `instant` first. */
export function monthEnds(instant: string, count: number): string[] {
  const now = new Date(instant);
  return Array.from({ length: count }, (_, months) =>
    day(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months + 1, 0)),
  );
}

/** The first day of the month of a day. */
export function monthStart(date: string): string {
  return `${date.slice(0, 8)}01`;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
