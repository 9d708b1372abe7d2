import type { Settings } from '../settings.ts';
import type { Reading, Sweeps } from './reading.ts';

export type Sweep = keyof Sweeps;

/** What a sweep of this many requests takes is affordable in every read: 288 reads a day of twenty types stay below half of the smallest
 *  plan's allowance. */
const CALLS_ALWAYS = 10;
/** Requests that sweeps of one kind may take before the allowance spreads them over the day: a small account is exact after every read. */
const CALLS_AT_ONCE = 1_000;
const DAY_MS = 86_400_000;

interface Schedule {
  /** The interval, where an operator sets it. */
  setting: keyof Settings;
  /** Its part of `sweep_requests_per_day`. */
  share: number;
  /** A sweep of so many requests is charged nothing. */
  free: number;
  /** Requests that may be taken before the allowance holds them. */
  ahead: number;
  /** Before it ever happened. A full read, of which there is one a day, includes all of them. */
  isDueAtFirst: boolean;
}

/** For calculated properties everything is read as in a full read. They matter less than what was deleted or associated: a third is enough
 *  for them, and nothing of it is free. */
const often = { share: 1, free: CALLS_ALWAYS, ahead: CALLS_AT_ONCE, isDueAtFirst: true };
const SCHEDULES = {
  archived: { setting: 'archived_refresh_minutes', ...often },
  associations: { setting: 'associations_refresh_minutes', ...often },
  calculated: { setting: 'calculated_refresh_minutes', share: 1 / 3, free: 0, ahead: 0, isDueAtFirst: false },
} as const satisfies Record<Sweep, Schedule>;

/** Whether everything archived, every association or every calculated property is to be read again, although nothing says that it changed. A
 *  sweep takes what it costs from an allowance that refills evenly; an operator may set its interval instead. */
export function isSweepDue(sweep: Sweep, { sweeps, paidUntil }: Reading, now: string, settings: Settings): boolean {
  const { setting, ahead, isDueAtFirst } = SCHEDULES[sweep];
  const last = sweeps[sweep];
  if (last === undefined) return isDueAtFirst;
  const minutes = settings[setting];
  if (minutes !== undefined) return Date.parse(now) - Date.parse(last) >= minutes * 60_000;
  const paid = paidUntil[sweep];
  return paid === undefined || Date.parse(paid) - Date.parse(now) <= ahead * msPerCall(sweep, settings);
}

/** The schedule after a sweep that began now and took this many requests. */
export function afterSweep(
  sweep: Sweep,
  reading: Reading,
  { now, calls, settings }: { now: string; calls: number; settings: Settings },
): Pick<Reading, 'sweeps' | 'paidUntil'> {
  const charged = calls <= SCHEDULES[sweep].free ? 0 : calls;
  const from = Math.max(Date.parse(now), Date.parse(reading.paidUntil[sweep] ?? now));
  const paid = new Date(from + charged * msPerCall(sweep, settings)).toISOString();
  return { sweeps: { ...reading.sweeps, [sweep]: now }, paidUntil: { ...reading.paidUntil, [sweep]: paid } };
}

function msPerCall(sweep: Sweep, { sweep_requests_per_day }: Settings): number {
  return DAY_MS / (sweep_requests_per_day * SCHEDULES[sweep].share);
}
