import type { JsonObject } from '@pipeline/singer';

/** Longest key in a log line, in characters. */
const KEY_LENGTH_MAX = 200;

/** The key of a record that is set aside, as logs and summaries show it: `id=17`. */
export function formatKey(key: JsonObject): string {
  const text = Object.entries(key)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  return text.slice(0, KEY_LENGTH_MAX);
}

/** What is kept of a record that the source could not deliver: there is no record to load again, only its key. */
export function rejectedLine(stream: string, key: JsonObject): string {
  return JSON.stringify({ type: 'REJECTED', stream, key });
}
