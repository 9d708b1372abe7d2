import { isJsonObject, type Json, type JsonObject } from '@pipeline/singer';
import { isoDate } from './dotnet-date.ts';

/** Properties that speak of a request that wrote the object, not of the object. */
const NOT_DATA = new Set(['HasErrors', 'HasValidationErrors', 'StatusAttributeString', 'ValidationErrors', 'Warnings']);

/** Objects that a record refers to, by property: the id inside, and the column it becomes. Their other fields are copies, which grow old when
 *  the object changes and the record does not; they are read where they belong. */
export type References = Readonly<Record<string, { id: string; column: string }>>;

export interface RecordForm {
  references?: References;
  /** Properties that are read elsewhere, or not at all. */
  without?: ReadonlySet<string>;
}

/** Adds the properties of an object of Xero's JSON to a record: its dates in ISO 8601, at any depth, without their twins (`DateString`
 *  beside `Date`), and ids in the place of the objects it refers to. */
export function addTo(record: JsonObject, object: JsonObject, form: RecordForm = {}): JsonObject {
  const { references, without } = form;
  for (const name in object) {
    const value = object[name];
    if (without?.has(name) || NOT_DATA.has(name) || isTwin(object, name)) continue;
    const reference = references?.[name];
    const id = reference !== undefined && isJsonObject(value) ? value[reference.id] : undefined;
    if (reference === undefined || id === undefined) record[name] = convert(name, value);
    else record[reference.column] = id;
  }
  return record;
}

function convert(name: string, value: Json | undefined): Json | undefined {
  if (typeof value === 'string') return isoDate(name, value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.length === 0 ? value : value.map((item) => convert(name, item) ?? null);
  return isJsonObject(value) ? addTo({}, value) : value;
}

function isTwin(object: JsonObject, name: string): boolean {
  return name.endsWith('String') && object[name.slice(0, -'String'.length)] !== undefined;
}
