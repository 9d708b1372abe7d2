import type { StreamItem } from '../../schema.ts';

const COLUMNS = [
  'connection',
  'stream',
  'parent',
  'outcome',
  'loadedAt',
  'isLate',
  'rows',
  'bytes',
  'openRejected',
  'bookmark',
] as const;

/** With a line of names. */
export function csv(streams: StreamItem[]): string {
  const lines = streams.map((stream) => COLUMNS.map((name) => field(stream[name])).join(','));
  return `${COLUMNS.join(',')}\r\n${lines.join('\r\n')}\r\n`;
}

/** Quoted as RFC 4180 says; a spreadsheet would compute what begins as a formula does. */
function field(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
