import type { Json } from '@pipeline/singer';

/** JSON's own form of a number: anything else, as two ids joined by `;` or thousands separators, cannot be told apart from text. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
/** With a zone, or without one, and with a space for the `T`: integrations and imports write all of them. Without a zone it is UTC. */
const INSTANT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/;
/** Milliseconds from 2001 to 2286, which some integrations write as decimals: shorter numbers are more likely years or days. */
const EPOCH_MS = /^(\d{13})(?:\.0+)?$/;
const INTEGER = /^-?\d{1,15}$/;
const DAY_MS = 86_400_000;

/** The text of a property's value. HubSpot sends text or null; an empty text is a value that was cleared. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

/** A value in the type that the properties API names for it. Undefined: it is not of that type.
 *  @see https://developers.hubspot.com/docs/api-reference/crm-properties-v3/guide */
export function parseValue(type: string, text: string): Json | undefined {
  switch (type) {
    case 'number':
      return NUMBER.test(text) ? exactNumber(text) : undefined;
    case 'bool':
      return parseBoolean(text);
    case 'date':
      return parseDate(text);
    case 'datetime':
      return parseInstant(text);
    default:
      return text;
  }
}

function exactNumber(text: string): Json {
  const number = Number(text);
  return String(number) === text ? number : JSON.rawJSON(text);
}

function parseBoolean(text: string): boolean | undefined {
  switch (text.toLowerCase()) {
    case 'true':
    case 'yes':
      return true;
    case 'false':
    case 'no':
      return false;
    default:
      return undefined;
  }
}

/** A day, also where milliseconds or a whole date-time stand: then the day in UTC. */
function parseDate(text: string): string | undefined {
  if (DATE.test(text)) return isCalendarDate(text) ? text : undefined;
  const isMidnight = INTEGER.test(text) && Number(text) % DAY_MS === 0;
  const instant = isMidnight ? isoOf(Number(text)) : parseInstant(text);
  const day = instant === undefined ? undefined : isoOf(Date.parse(instant))?.slice(0, 10);
  return day !== undefined && DATE.test(day) ? day : undefined;
}

function parseInstant(text: string): string | undefined {
  const ms = EPOCH_MS.exec(text)?.[1];
  if (ms !== undefined) return isoOf(Number(ms));
  const [, day, time, zone = 'Z'] = INSTANT.exec(text) ?? [];
  if (day === undefined || !isCalendarDate(day)) return undefined;
  const instant = `${day}T${time}${zone}`;
  return Number.isNaN(Date.parse(instant)) ? undefined : instant;
}

function isoOf(ms: number): string | undefined {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** JavaScript reads 30 February as 1 March. */
function isCalendarDate(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
