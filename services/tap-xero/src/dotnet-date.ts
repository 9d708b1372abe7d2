/** `/Date(1541176290160+0000)/`, `/Date(1552326816230)/`, `/Date(-62135596800000)/` */
const DOTNET_DATE = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;

/** Largest distance from 1970 that JavaScript has a date for, in milliseconds (ECMA-262 21.4.1.1). */
const TIME_MAX_MS = 8.64e15;

/** Turns a date of Xero's JSON into ISO 8601: an instant with `Z` if the property's name ends in `UTC`, else a calendar date. The number
 *  is UTC milliseconds whatever the offset says; as a calendar date 0 means "none". Any other text stays as it is. */
export function isoDate(name: string, text: string): string | null {
  const digits = DOTNET_DATE.exec(text)?.[1];
  if (digits === undefined) return text;
  const epochMs = Number(digits);
  if (Math.abs(epochMs) > TIME_MAX_MS) return text;
  const iso = new Date(epochMs).toISOString();
  if (name.endsWith('UTC')) return iso;
  return epochMs === 0 ? null : iso.slice(0, iso.indexOf('T'));
}
