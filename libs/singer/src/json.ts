export type Json = null | boolean | number | string | RawJson | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** A number kept as its source text, because a double would change it. `JSON.stringify` writes the text as it is. */
export interface RawJson {
  readonly rawJSON: string;
}

declare global {
  interface JSON {
    /** ECMAScript's JSON.parse source text access, in V8 since Node 22. */
    rawJSON(text: string): RawJson;
    isRawJSON(value: unknown): value is RawJson;
    parse(text: string, reviver: (key: string, value: Json, context: { source?: string }) => Json): Json;
  }
}

/** A number that a double may not hold: 16 digits or more, an exponent, or a zero that would be lost (`1.50`, `-0`). Looks only where
 *  a number may stand; a hit inside a string costs time, never exactness. */
const DELICATE_NUMBER = /[:[,]\s*-?\d(?:[\d.]{15,}|[\d.]*[eE][+-]?\d+|\d*\.\d*0|(?<=-0))(?=\s*[,\]}])/;

/** The same number as the value of a key that ends in a letter, digit or `_`. A quote behind such a character ends a string, and a string before
 *  a colon is a key: so a hit is never inside a string. */
const DELICATE_VALUE = /(\w"\s*:\s*)(-?\d(?:[\d.]{15,}|[\d.]*[eE][+-]?\d+|\d*\.\d*0|(?<=-0)))(?=\s*[,}])/g;

const LONE_NUMBER = /^\s*-?\d/;

/** Marks a number that stands in a string, so that the engine's plain parser keeps its text. JSON allows the character, and no source sends it. */
const MARK = '\u007f';
const MARK_CODE = 0x7f;
const MARKS = [MARK, '\\u007f', '\\u007F'];

/** Parses JSON without changing any number: what a double cannot hold digit for digit becomes a {@link RawJson}.
 *  @throws SyntaxError when the text is not JSON. */
export function parseJson(text: string): Json {
  if (!DELICATE_NUMBER.test(text) && !LONE_NUMBER.test(text)) return JSON.parse(text) as Json;
  if (LONE_NUMBER.test(text) || MARKS.some((mark) => text.includes(mark))) return JSON.parse(text, exactNumber);
  const marked = text.replace(DELICATE_VALUE, (_hit, before: string, number: string) => `${before}"${MARK}${number}"`);
  // In a list, or under a key that is no plain word.
  if (DELICATE_NUMBER.test(marked)) return JSON.parse(text, exactNumber);
  return withNumbers(JSON.parse(marked) as Json);
}

/** The value with its marked numbers in their places. Five times as fast as a reviver, which V8 calls for every value. */
function withNumbers(value: Json): Json {
  if (typeof value === 'string') return value.charCodeAt(0) === MARK_CODE ? exact(value.slice(1)) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) for (const item of value) withNumbers(item);
  else if (!JSON.isRawJSON(value)) {
    for (const name in value) {
      const found = value[name];
      if (typeof found === 'string') {
        if (found.charCodeAt(0) === MARK_CODE) value[name] = exact(found.slice(1));
      } else if (typeof found === 'object') withNumbers(found);
    }
  }
  return value;
}

function exactNumber(_key: string, value: Json, { source }: { source?: string }): Json {
  return typeof value === 'number' && source !== undefined ? exact(source) : value;
}

function exact(source: string): Json {
  const value = Number(source);
  return String(value) === source ? value : JSON.rawJSON(source);
}

/** Not an array, not null, and not a number in its exact spelling. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}
