import { PipelineError } from '@pipeline/protocol';
import { column, type JsonSchema } from '@pipeline/singer';
import type { DiscoverContext, HttpClient } from '@pipeline/tap-kit';
import { z } from 'zod';
import { pathOf } from '../reading/paths.ts';
import { parseResponse } from '../reading/response.ts';
import type { Settings } from '../settings.ts';

/** What the properties API says of a property: its name and the type of its values. */
export interface Property {
  name: string;
  type: string;
  /** HubSpot works it out, and may change it without a sign on the object. */
  calculated?: boolean | undefined;
}

/** Definitions change seldom: they are read again after this. A new property is there at the latest then. */
const DEFINITIONS_TTL_MS = 30 * 60_000;

const Definition = z.object({
  name: z.string(),
  type: z.string(),
  calculated: z.boolean().optional().catch(undefined),
});
const Properties = z.object({ results: z.array(Definition) });

/** Columns of a record that are not properties. */
const OWN_COLUMNS: ReadonlySet<string> = new Set([
  'id',
  'createdAt',
  'updatedAt',
  'archived',
  '_unparsed',
  '_sdc_deleted_at',
]);

/** All properties of a type of object, HubSpot's own and the account's, and the sensitive ones if the app may read them. Kept for a while, for
 *  all streams that need them.
 *  @throws PipelineError */
export function propertiesOf(
  { http, settings, cached }: Pick<DiscoverContext<Settings>, 'http' | 'settings' | 'cached'>,
  typeId: string,
): Promise<Property[]> {
  return cached(`properties of ${typeId}`, DEFINITIONS_TTL_MS, async () => {
    const path = pathOf(settings, 'properties', typeId);
    const open = parseResponse(Properties, await http.json({ path }), path).results;
    const sensitive = await sensitiveProperties(http, path, 'sensitive');
    // Who may not read the sensitive ones may not read the highly sensitive ones either.
    const highly = sensitive === undefined ? undefined : await sensitiveProperties(http, path, 'highly_sensitive');
    return [...open, ...(sensitive ?? []), ...(highly ?? [])];
  });
}

/** Undefined: the app may not read them, or the account has no such data. */
async function sensitiveProperties(
  http: HttpClient,
  path: string,
  dataSensitivity: 'sensitive' | 'highly_sensitive',
): Promise<Property[] | undefined> {
  try {
    return parseResponse(Properties, await http.json({ path, query: { dataSensitivity } }), path).results;
  } catch (error) {
    if (error instanceof PipelineError && [400, 403, 404].includes(Number(error.context['status']))) return undefined;
    throw error;
  }
}

/** The column of a property: its name, unless a column of the record itself is called so. */
export function columnOf({ name }: Property): string {
  return OWN_COLUMNS.has(name) ? `property_${name}` : name;
}

/** The columns of these properties. */
export function propertyColumns(properties: readonly Property[]): Record<string, JsonSchema> {
  return Object.fromEntries(properties.map((property) => [columnOf(property), columnType(property.type)]));
}

function columnType(type: string): JsonSchema {
  switch (type) {
    case 'number':
      return column.number;
    case 'bool':
      return column.boolean;
    case 'date':
      return column.date;
    case 'datetime':
      return column.dateTime;
    default:
      return column.string;
  }
}
