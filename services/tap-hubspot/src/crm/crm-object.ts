import { column, type JsonObject, type JsonSchema, objectSchema } from '@pipeline/singer';
import { z } from 'zod';
import { MERGED_IDS } from './object-type.ts';
import { columnOf, type Property, propertyColumns } from './property.ts';
import { parseValue, textOf } from './property-value.ts';

const HistoryEntry = z.object({
  value: z.unknown(),
  timestamp: z.string(),
  sourceType: z.string().nullish(),
  sourceId: z.string().nullish(),
});

/** An object as every endpoint of the CRM API writes it. */
export const CrmObject = z.object({
  id: z.union([z.string(), z.number()]).transform(String).pipe(z.string().regex(/^\d+$/)),
  properties: z.record(z.string(), z.unknown()),
  propertiesWithHistory: z.record(z.string(), z.array(HistoryEntry)).optional(),
  createdAt: z.string(),
  updatedAt: z.string(),
  archived: z
    .boolean()
    .nullish()
    .transform((archived) => archived ?? false),
  archivedAt: z.string().nullish(),
});
export type CrmObject = z.infer<typeof CrmObject>;

/** The schema of a stream of CRM objects: one column for each property beside the object's own. */
export function crmSchema(properties: readonly Property[]): JsonSchema {
  return objectSchema({
    id: column.key,
    createdAt: column.dateTime,
    updatedAt: column.dateTime,
    archived: column.boolean,
    ...propertyColumns(properties),
    _unparsed: column.object,
    _sdc_deleted_at: column.dateTime,
  });
}

/** The record of an object: every property a column, values that are not of their property's type in `_unparsed`. An archived object
 *  is a tombstone. */
export function crmRecord(object: CrmObject, properties: readonly Property[]): JsonObject {
  const record: JsonObject = {
    id: object.id,
    createdAt: object.createdAt,
    updatedAt: object.updatedAt,
    archived: object.archived,
  };
  const unparsed: JsonObject = {};
  for (const property of properties) {
    const text = textOf(object.properties[property.name]);
    const value = text === null ? null : parseValue(property.type, text);
    if (value === undefined) unparsed[property.name] = text;
    record[columnOf(property)] = value ?? null;
  }
  record['_unparsed'] = Object.keys(unparsed).length > 0 ? unparsed : null;
  if (object.archived) record['_sdc_deleted_at'] = object.archivedAt ?? object.updatedAt;
  return record;
}

/** Ids of the objects that were merged into this one. */
export function mergedIds(object: CrmObject): string[] {
  const ids = textOf(object.properties[MERGED_IDS])?.split(';') ?? [];
  return [...new Set(ids.map((id) => id.trim()))].filter((id) => /^\d+$/.test(id) && id !== object.id);
}

/** Tombstones of the objects that were merged into this one: they are in no list any more, only the one that is left names them. */
export function mergedAway(object: CrmObject): JsonObject[] {
  return mergedIds(object).map((id) => tombstone(id, object.updatedAt));
}

/** A tombstone of which no more is known than when the object was gone. */
export function tombstone(id: string, deletedAt: string): JsonObject {
  return { id, archived: true, _sdc_deleted_at: deletedAt };
}
