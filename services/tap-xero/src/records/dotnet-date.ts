/** `/Date(1541176290160+0000)/`, `/Date(1552326816230)/`, `/Date(-62135596800000)/` */
const DOTNET_DATE = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;

/** Largest distance from 1970 that JavaScript has a date for, in milliseconds (ECMA-262 21.4.1.1). */
const TIME_MAX_MS = 8.64e15;

const SLASH = 47;

/** Turns a date of Xero's JSON into ISO 8601: an instant with `Z` if the property's name ends in `UTC`, else a calendar date. The number
 *  is UTC milliseconds whatever the offset says; as a calendar date 0 means "none". Any other text stays as it is. */
export function isoDate(name: string, text: string): string | null {
  // Almost every text is none: the first character tells.
  if (text.charCodeAt(0) !== SLASH) return text;
  const digits = DOTNET_DATE.exec(text)?.[1];
  if (digits === undefined) return text;
  const epochMs = Number(digits);
  if (Math.abs(epochMs) > TIME_MAX_MS) return text;
  if (name.endsWith('UTC')) return new Date(epochMs).toISOString();
  return epochMs === 0 ? null : calendarDate(epochMs);
}

/** Days of the books recur thousands of times: each is formatted once. */
const days = new Map<number, string>();
const DAYS_MAX = 10_000;

function calendarDate(epochMs: number): string {
  const known = days.get(epochMs);
  if (known !== undefined) return known;
  const iso = new Date(epochMs).toISOString();
  const date = iso.slice(0, iso.indexOf('T'));
  if (days.size < DAYS_MAX) days.set(epochMs, date);
  return date;
}
