import { PipelineError } from '@pipeline/protocol';
import { column, isJsonObject, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { z } from 'zod';
import { customTypes } from '../crm/custom-types.ts';
import type { ObjectType } from '../crm/object-type.ts';
import { objectTypes } from '../crm/object-types.ts';
import { pathOf } from '../reading/paths.ts';
import { parseResponse } from '../reading/response.ts';
import type { Settings } from '../settings.ts';

const Definitions = z.object({
  results: z.array(z.custom<JsonObject>((item) => isJsonObject(item as JsonObject) && 'name' in Object(item))),
});
const SENSITIVITIES = ['non_sensitive', 'sensitive', 'highly_sensitive'] as const;

/** The definitions of the properties of every type that the app may read: labels, options, who made them. */
export const properties = defineStream<Settings>({
  name: 'properties',
  keyProperties: ['object_type', 'name'],
  schema: objectSchema({
    object_type: column.key,
    name: column.key,
    label: column.string,
    type: column.string,
    fieldType: column.string,
    description: column.string,
    groupName: column.string,
    options: column.array,
    calculated: column.boolean,
    hidden: column.boolean,
    hubspotDefined: column.boolean,
    hasUniqueValue: column.boolean,
    externalOptions: column.boolean,
    formField: column.boolean,
    displayOrder: column.integer,
    modificationMetadata: column.object,
    dataSensitivity: column.string,
    archived: column.boolean,
    createdAt: column.dateTime,
    updatedAt: column.dateTime,
  }),
  replication: { method: 'FULL_TABLE' },
  isSelectedByDefault: false,
  about: {
    endpoint: 'GET /crm/properties/2026-09/{type}',
    scopes: ['the scope of each type'],
    deletes: 'every read is complete',
  },
  async *read(context) {
    for (const type of [...objectTypes, ...(await customTypes(context))]) {
      for (const dataSensitivity of SENSITIVITIES) {
        const records = await definitions(context, type, dataSensitivity);
        if (records === undefined) break;
        if (records.length > 0) yield { type: 'records', stream: 'properties', records };
      }
    }
    yield { type: 'deletes', stream: 'properties', rule: { kind: 'absent' } };
  },
});

/** Undefined: the app may not read them, or the account has no such type. */
async function definitions(
  { http, settings }: Parameters<typeof customTypes>[0],
  { id, name }: ObjectType,
  dataSensitivity: (typeof SENSITIVITIES)[number],
): Promise<JsonObject[] | undefined> {
  const path = pathOf(settings, 'properties', id);
  const query = dataSensitivity === 'non_sensitive' ? {} : { dataSensitivity };
  try {
    const { results } = parseResponse(Definitions, await http.json({ path, query }), path);
    return results.map((definition) => ({ ...definition, object_type: name }));
  } catch (error) {
    if (error instanceof PipelineError && [400, 403, 404].includes(Number(error.context['status']))) return undefined;
    throw error;
  }
}
