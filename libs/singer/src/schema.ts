import type { Json } from './json.ts';

export type JsonType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** A JSON schema as Singer taps write them: draft 4 to 7, `$ref` resolved by the tap, unknown keywords allowed. */
export interface JsonSchema {
  type?: JsonType | JsonType[];
  format?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  additionalProperties?: boolean | JsonSchema;
  [keyword: string]: Json | JsonSchema | JsonSchema[] | Record<string, JsonSchema> | undefined;
}

/** Shorthand for the columns that taps declare. Every property but a key may be null: sources leave fields out. */
export const column = {
  string: { type: ['null', 'string'] },
  integer: { type: ['null', 'integer'] },
  /** Any JSON number, kept digit for digit: PostgreSQL `numeric`. */
  number: { type: ['null', 'number'] },
  boolean: { type: ['null', 'boolean'] },
  dateTime: { type: ['null', 'string'], format: 'date-time' },
  date: { type: ['null', 'string'], format: 'date' },
  object: { type: ['null', 'object'] },
  array: { type: ['null', 'array'] },
  /** The key of a row: never null. */
  key: { type: ['string'] },
} satisfies Record<string, JsonSchema>;

/** The schema of a stream: an object with these properties. Unknown fields are kept, not dropped. */
export function objectSchema(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', properties, additionalProperties: true };
}
