/** How numbers, sizes and times are written for people: one way for the page, the command line and alerts. Pure. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What stands where a value is missing. */
export const NONE = '–';

const integers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** 63089 -> "63,089". Takes 64-bit numbers as text too. */
export function formatNumber(value: number | bigint | string | null | undefined): string {
  if (value === null || value === undefined) return NONE;
  if (typeof value === 'string') return /^-?\d+$/.test(value) ? integers.format(BigInt(value)) : value;
  return integers.format(value);
}

/** "1 row", "2 rows": the number with its noun. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : plural}`;
}

/** Decimal units: 437 -> "437 B", 79_000 -> "79 kB", 4_210_000 -> "4.2 MB". */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return NONE;
  if (bytes < 1_000) return `${Math.round(bytes)} B`;
  // Rounded first, so that nothing is "1000 kB".
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} kB`;
  if (bytes < 999_950_000) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** "620 ms", "14.1 s", "1 m 19 s", "2 h 05 m", "6 d 4 h". */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return NONE;
  const length = Math.max(0, ms);
  if (length < SECOND) return `${Math.round(length)} ms`;
  if (length < 59_950) return `${(length / SECOND).toFixed(1)} s`;
  const seconds = Math.round(length / SECOND);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  const minutes = Math.round(length / MINUTE);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`;
  const hours = Math.round(length / HOUR);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A whole share of a whole: 0.823 -> "82 %". Never 100 % before all is there, nor 0 % of something. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0 || part >= whole) return '100 %';
  const percent = Math.round((part / whole) * 100);
  return `${part > 0 ? Math.min(99, Math.max(1, percent)) : 0} %`;
}

/** How old something is: "22 s", "7 min", "3 h"; after a day the instant itself. */
export function formatAge(instant: string | number, now: number, zone?: string): string {
  const at = toMs(instant);
  const age = Math.max(0, now - at);
  if (age < MINUTE) return `${Math.floor(age / SECOND)} s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  return formatDayTime(at, zone);
}

/** The time to come as a countdown: "3:18", "1:02:05". */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** "12:51:16". The zone is an IANA name. @default that of the machine */
export function formatTime(instant: string | number, zone?: string): string {
  const { hour, minute, second } = parts(toMs(instant), zone);
  return `${hour}:${minute}:${second}`;
}

/** "12:51". */
export function formatMinute(instant: string | number, zone?: string): string {
  return formatTime(instant, zone).slice(0, 5);
}

/** "12:51:17.049", as in logs. */
export function formatLogTime(instant: string | number, zone?: string): string {
  const at = toMs(instant);
  return `${formatTime(at, zone)}.${String(new Date(at).getUTCMilliseconds()).padStart(3, '0')}`;
}

/** "18 Nov". */
export function formatDay(instant: string | number, zone?: string): string {
  const { day, month } = parts(toMs(instant), zone);
  return `${Number(day)} ${month}`;
}

/** "Tue 24 Nov 09:21". */
export function formatDayTime(instant: string | number, zone?: string): string {
  const { weekday, day, month, hour, minute } = parts(toMs(instant), zone);
  return `${weekday} ${Number(day)} ${month} ${hour}:${minute}`;
}

/** The time alone when it is of the same day as `now`, the day with it otherwise. */
export function formatWhen(instant: string | number, now: number, zone?: string): string {
  const at = toMs(instant);
  const isToday = formatDayTime(at, zone).slice(0, -6) === formatDayTime(now, zone).slice(0, -6);
  return isToday && Math.abs(now - at) < DAY ? formatTime(at, zone) : formatDayTime(at, zone);
}

/** The whole instant in the zone and in UTC. */
export function formatInstant(instant: string | number, zone?: string): string {
  const at = toMs(instant);
  return `${formatDayTime(at, zone).slice(0, -6)} ${formatLogTime(at, zone)} · ${new Date(at).toISOString()}`;
}

const two = (number: number) => String(number).padStart(2, '0');
const toMs = (instant: string | number) => (typeof instant === 'number' ? instant : Date.parse(instant));

type Part = 'weekday' | 'day' | 'month' | 'hour' | 'minute' | 'second';
const formatters = new Map<string, Intl.DateTimeFormat>();

function parts(at: number, zone: string | undefined): Record<Part, string> {
  const found: Record<Part, string> = { weekday: '', day: '', month: '', hour: '--', minute: '--', second: '--' };
  if (Number.isNaN(at)) return found;
  for (const { type, value } of formatter(zone).formatToParts(at)) {
    if (type in found) found[type as Part] = value;
  }
  return found;
}

/** Made once for each zone: a formatter takes longer to make than to use a hundred times. */
function formatter(zone: string | undefined): Intl.DateTimeFormat {
  const key = zone ?? '';
  const made = formatters.get(key);
  if (made !== undefined) return made;
  const fresh = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...(zone === undefined ? {} : { timeZone: zone }),
  });
  formatters.set(key, fresh);
  return fresh;
}
