export const DAY = 86_400;

/** `yyyy-MM-dd'T'HH:mm:ss'Z'`, as every instant of the API is written. */
export function instant(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

export function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** Dates of a task are local: they carry no zone. */
export function local(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19);
}

/** Midnight of the first working day at or after the time. */
export function workday(seconds: number): number {
  let midnight = seconds - (seconds % DAY);
  while (isWeekend(midnight)) midnight += DAY;
  return midnight;
}

/** Midnight of the last of so many working days that begin with the first. */
export function addWorkdays(first: number, days: number): number {
  let midnight = first;
  for (let left = days - 1; left > 0; left -= 1) midnight = workday(midnight + DAY);
  return midnight;
}

function isWeekend(seconds: number): boolean {
  // The epoch began on a Thursday.
  const weekday = (Math.floor(seconds / DAY) + 4) % 7;
  return weekday === 0 || weekday === 6;
}
