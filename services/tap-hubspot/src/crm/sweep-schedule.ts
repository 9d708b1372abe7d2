import type { Settings } from '../settings.ts';
import type { Reading, Sweeps } from './reading.ts';

export type Sweep = keyof Sweeps;

/** What a sweep of this many requests takes is affordable in every read: 288 reads a day of twenty types stay below half of the smallest
 *  plan's allowance. */
export const CALLS_ALWAYS = 10;
/** Requests that sweeps of one kind may take before the allowance spreads them over the day: a small account is exact after every read. */
const CALLS_AT_ONCE = 1_000;
const DAY_MS = 86_400_000;

const SETTING_OF = {
  archived: 'archived_refresh_minutes',
  associations: 'associations_refresh_minutes',
} as const satisfies Record<Sweep, keyof Settings>;

/** Whether everything archived, or every association, is to be read again, although nothing says that it changed. A sweep takes what it costs
 *  from an allowance that refills evenly; an operator may set its interval instead. */
export function isSweepDue(sweep: Sweep, { sweeps, paidUntil }: Reading, now: string, settings: Settings): boolean {
  const last = sweeps[sweep];
  if (last === undefined) return true;
  const minutes = settings[SETTING_OF[sweep]];
  if (minutes !== undefined) return Date.parse(now) - Date.parse(last) >= minutes * 60_000;
  const paid = paidUntil[sweep];
  return paid === undefined || Date.parse(paid) - Date.parse(now) <= CALLS_AT_ONCE * msPerCall(settings);
}

/** The schedule after a sweep that began now and took this many requests. */
export function afterSweep(
  sweep: Sweep,
  reading: Reading,
  { now, calls, settings }: { now: string; calls: number; settings: Settings },
): Pick<Reading, 'sweeps' | 'paidUntil'> {
  const charged = calls <= CALLS_ALWAYS ? 0 : calls;
  const from = Math.max(Date.parse(now), Date.parse(reading.paidUntil[sweep] ?? now));
  return {
    sweeps: { ...reading.sweeps, [sweep]: now },
    paidUntil: { ...reading.paidUntil, [sweep]: new Date(from + charged * msPerCall(settings)).toISOString() },
  };
}

function msPerCall({ sweep_requests_per_day }: Settings): number {
  return DAY_MS / sweep_requests_per_day;
}
