import type { PropertyType } from './property-definition.ts';

/** A value that is not of its property's type. */
export const UNPARSED = Symbol('unparsed');

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const MIDNIGHT_MS = 86_400_000;

/** The value of a property as a table holds it, after its type in the properties API: an empty text is no value. */
export function typedValue(type: PropertyType, raw: string | null): unknown {
  if (raw === null || raw === '') return null;
  switch (type) {
    case 'number':
      return NUMBER.test(raw) ? JSON.rawJSON(raw) : UNPARSED;
    case 'date':
      if (DATE.test(raw)) return raw;
      return /^-?\d+$/.test(raw) && Number(raw) % MIDNIGHT_MS === 0
        ? new Date(Number(raw)).toISOString().slice(0, 10)
        : UNPARSED;
    case 'datetime':
      if (INSTANT.test(raw)) return raw;
      return /^\d{13}$/.test(raw) ? new Date(Number(raw)).toISOString() : UNPARSED;
    case 'bool':
      if (['true', 'Yes'].includes(raw)) return true;
      return ['false', 'No'].includes(raw) ? false : UNPARSED;
    default:
      return raw;
  }
}
