import type { Value } from './record-reader.ts';

/** The value as JSON that `jsonb` takes. */
export function jsonText(value: Value): string {
  if (value.kind === 'null') return 'null';
  // NaN and Infinity are numbers to Python's writers, but not to JSON.
  if (value.kind === 'string' || (value.kind === 'number' && isSpecialNumber(value.text)))
    return JSON.stringify(value.text);
  return scalarText(value);
}

export function scalarText(value: Exclude<Value, { kind: 'null' }>): string {
  return value.kind === 'boolean' ? String(value.value) : value.text;
}

/** What `numeric` knows beside numbers, with the signs that its binary form has for them. */
export const NUMERIC_SPECIAL: Record<string, number> = { NaN: 0xc000, Infinity: 0xd000, '-Infinity': 0xf000 };

export function isSpecialNumber(text: string): boolean {
  return Object.hasOwn(NUMERIC_SPECIAL, text);
}
