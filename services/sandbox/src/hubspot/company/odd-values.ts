import type { Random } from '../../random.ts';
import { isoDate, isoInstant } from './draw.ts';

/** Values in the forms that users of the real API meet: see each type. */

/** Cleared values come as an empty text, untouched ones as null. */
export function cleared(random: Random, value: string): string | null {
  const fate = random.next();
  if (fate < 0.03) return '';
  return fate < 0.08 ? null : value;
}

/** Some numbers were written by an import as decimals, or with thousands separators. */
export function oddNumber(random: Random, value: number): string {
  const fate = random.next();
  if (fate < 0.02) return `${value}.0`;
  if (fate < 0.04) return value.toLocaleString('en-US');
  return String(value);
}

/** Dates are `YYYY-MM-DD`, or milliseconds at midnight UTC. */
export function oddDate(random: Random, epochMs: number): string {
  const day = isoDate(epochMs);
  return random.chance(0.2) ? String(Date.parse(day)) : day;
}

/** Instants are ISO 8601 with or without milliseconds, or 13 digits; imports left them as decimals, or without a zone. */
export function oddInstant(random: Random, epochMs: number): string {
  const fate = random.next();
  if (fate < 0.03) return `${epochMs}.0`;
  if (fate < 0.06) return isoInstant(epochMs).replace('Z', '');
  if (fate < 0.09) return isoInstant(epochMs).slice(0, 19).replace('T', ' ');
  if (fate < 0.2) return String(epochMs);
  return fate < 0.4 ? isoInstant(epochMs).replace(/\.\d+/, '') : isoInstant(epochMs);
}

/** Booleans of older properties are `Yes` and `No`. */
export function oddBoolean(random: Random): string {
  return random.pick(['true', 'true', 'false', 'false', 'Yes', 'No']);
}

/** Text that breaks careless readers: quotes, tabs, newlines, backslashes, other alphabets, emoji. */
export function oddText(random: Random, text: string): string {
  return random.chance(0.1)
    ? `${text}\n"${random.pick(['naïve', '日本語', '🚀 rocket', 'C:\\temp\\N', 'tab\there', '\\N'])}"`
    : text;
}
