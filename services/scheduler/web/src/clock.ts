import { computed, signal } from '@preact/signals';
import { stored } from './stored.ts';

/** Milliseconds the server's clock is ahead of this machine's: the server's counts. */
const offsetMs = signal(0);
const ticked = signal(Date.now());
/** The instant at which the connection was lost; ages stop there. */
const stoppedAt = signal<number | undefined>(undefined);

const TICK_MS = 1_000;

/** The server's time, once a second. Stands still while not connected: what is shown is as of then. */
export const now = computed(() => stoppedAt.value ?? ticked.value + offsetMs.value);

/** Times in UTC instead of the browser's zone. */
export const isUtc = stored<boolean>('utc', false);

/** IANA name, or undefined for the browser's own. */
export const zone = computed(() => (isUtc.value ? 'UTC' : undefined));

/** `Pacific/Auckland, UTC+13`. */
export const zoneName = computed(() => {
  if (isUtc.value) return 'UTC';
  const minutes = -new Date(ticked.peek()).getTimezoneOffset();
  const hours = `${Math.floor(Math.abs(minutes) / 60)}${minutes % 60 === 0 ? '' : `:${Math.abs(minutes % 60)}`}`;
  const name = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return minutes === 0 && name === 'UTC' ? 'UTC' : `${name}, UTC${minutes < 0 ? '−' : '+'}${hours}`;
});

/** Takes the server's time from a snapshot. */
export function setServerTime(instant: string): void {
  const at = Date.parse(instant);
  if (!Number.isNaN(at)) offsetMs.value = at - Date.now();
}

/** Stops the clock at the loss of the connection, or lets it run again. */
export function setClockRunning(isRunning: boolean): void {
  if (isRunning) stoppedAt.value = undefined;
  else stoppedAt.value ??= now.peek();
}

setInterval(() => {
  ticked.value = Date.now();
}, TICK_MS);
