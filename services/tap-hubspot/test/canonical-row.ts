import { isJsonObject, type Json } from '@pipeline/singer';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** A row as text, in the columns of another row: the same for the same instants and numbers. */
export function canonicalRow(row: Record<string, unknown>, columns: Record<string, unknown>): string {
  return Object.keys(columns)
    .sort()
    .map((name) => `${name}=${canonical((row[name] ?? null) as Json)}`)
    .join(' ');
}

function canonical(value: Json): string {
  if (typeof value === 'string' && INSTANT.test(value)) return new Date(value).toISOString();
  if (JSON.isRawJSON(value)) return withoutZeros(value.rawJSON);
  if (typeof value === 'number') return withoutZeros(String(value));
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  return `{${canonicalRow(value, value)}}`;
}

function withoutZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}
