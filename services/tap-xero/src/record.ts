import { isJsonObject, type Json, type JsonObject } from '@pipeline/singer';
import { isoDate } from './dotnet-date.ts';

/** Properties that speak of a request that wrote the object, not of the object. */
const NOT_DATA = new Set(['HasErrors', 'HasValidationErrors', 'StatusAttributeString', 'ValidationErrors', 'Warnings']);

/** An object of Xero's JSON as a record: its dates in ISO 8601, at any depth, and without their twins (`DateString` beside `Date`). */
export function toRecord(object: JsonObject): JsonObject {
  const record: JsonObject = {};
  for (const [name, value] of Object.entries(object)) {
    if (!NOT_DATA.has(name) && !isTwin(object, name)) record[name] = convert(name, value);
  }
  return record;
}

function convert(name: string, value: Json | undefined): Json | undefined {
  if (typeof value === 'string') return isoDate(name, value);
  if (Array.isArray(value)) return value.map((item) => convert(name, item) ?? null);
  return isJsonObject(value) ? toRecord(value) : value;
}

function isTwin(object: JsonObject, name: string): boolean {
  return name.endsWith('String') && object[name.slice(0, -'String'.length)] !== undefined;
}

/** Puts ids in the place of the objects that a record refers to: `Contact: {ContactID, Name}` becomes `ContactID`. Their other fields are
 *  copies, which grow old when the object changes and the record does not; they are read where they belong.
 *  @param references by property: the id inside it, and the name of the column it becomes */
export function withIds(record: JsonObject, references: Record<string, { id: string; column: string }>): JsonObject {
  const flat = { ...record };
  for (const [property, { id, column }] of Object.entries(references)) {
    const target = flat[property];
    if (!isJsonObject(target) || target[id] === undefined) continue;
    delete flat[property];
    flat[column] = target[id];
  }
  return flat;
}
