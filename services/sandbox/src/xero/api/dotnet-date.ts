/** `/Date(1541176290160+0000)/`: the form of dates in Xero's JSON. The number is UTC milliseconds; "no date" is 0. */
export function dotNetDate(epochMs: number | undefined): string {
  return `/Date(${epochMs ?? 0}+0000)/`;
}

/** `2018-10-20T00:00:00`: a calendar date of the organisation, without a zone. */
export function dateString(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 19);
}

/** `2018-11-02T16:31:30Z` */
export function instantString(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
