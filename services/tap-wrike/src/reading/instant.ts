import type { JsonObject } from '@pipeline/singer';

/** Epoch seconds, the resolution of every filter of the API. */
export type Seconds = number;

/** The API's format: no milliseconds. */
export function formatInstant(seconds: Seconds): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** The second in which the instant lies. */
export function secondOf(instant: string): Seconds {
  return Math.floor(Date.parse(instant) / 1000);
}

/** The value of a date filter: semi-open, a missing side is open. */
export function rangeFilter({ start, end }: { start?: Seconds | undefined; end?: Seconds | undefined }): string {
  return JSON.stringify({
    ...(start !== undefined && { start: formatInstant(start) }),
    ...(end !== undefined && { end: formatInstant(end) }),
  });
}

/** The second in which the row was created. Undefined: it does not say. */
export function createdSecond(row: JsonObject | undefined): Seconds | undefined {
  const created = row?.['createdDate'];
  const second = typeof created === 'string' ? secondOf(created) : Number.NaN;
  return Number.isNaN(second) ? undefined : second;
}
