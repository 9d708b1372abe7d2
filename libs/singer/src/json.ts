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
const DELICATE_NUMBER = /(?:^|[:[,])\s*(?:-?[\d.]{16,}|-?[\d.]+[eE]|(?:-?\d+\.\d*0|-0)(?=[\s,\]}]|$))/;

/** Parses JSON without changing any number: what a double cannot hold digit for digit becomes a {@link RawJson}.
 *  @throws SyntaxError when the text is not JSON. */
export function parseJson(text: string): Json {
  if (!DELICATE_NUMBER.test(text)) return JSON.parse(text) as Json;
  return JSON.parse(text, exactNumber);
}

/** Half the time of a parser in JavaScript: only numbers that need it become objects. */
function exactNumber(_key: string, value: Json, { source }: { source?: string }): Json {
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
  return JSON.rawJSON(source);
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}
