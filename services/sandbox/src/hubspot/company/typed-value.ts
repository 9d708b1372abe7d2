import type { PropertyType } from './property-definition.ts';

/** A value that is not of its property's type. */
export const UNPARSED = Symbol('unparsed');

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
/** With or without a zone, and with a space for the `T`: without a zone it is UTC. */
const INSTANT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)Z?$/;
/** Milliseconds, which imports left as decimals. */
const EPOCH_MS = /^(\d{13})(\.0)?$/;

const DAY_MS = 86_400_000;

/** The value of a property as a table holds it, after its type in the properties API: an empty text is no value. */
export function typedValue(type: PropertyType, raw: string | null): unknown {
  if (raw === null || raw === '') return null;
  switch (type) {
    case 'number':
      return NUMBER.test(raw) ? JSON.rawJSON(raw) : UNPARSED;
    case 'date':
      return DATE.test(raw) ? raw : ((midnightOf(raw) ?? instantOf(raw))?.slice(0, 10) ?? UNPARSED);
    case 'datetime':
      return instantOf(raw) ?? UNPARSED;
    case 'bool':
      if (['true', 'Yes'].includes(raw)) return true;
      return ['false', 'No'].includes(raw) ? false : UNPARSED;
    default:
      return raw;
  }
}

/** Days before 1973 have fewer digits. */
function midnightOf(raw: string): string | undefined {
  const isMidnight = /^-?\d{1,15}$/.test(raw) && Number(raw) % DAY_MS === 0;
  return isMidnight ? new Date(Number(raw)).toISOString() : undefined;
}

function instantOf(raw: string): string | undefined {
  const [, day, time] = INSTANT.exec(raw) ?? [];
  if (day !== undefined) return `${day}T${time}Z`;
  const ms = EPOCH_MS.exec(raw)?.[1];
  return ms === undefined ? undefined : new Date(Number(ms)).toISOString();
}
