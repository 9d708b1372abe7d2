import { column, type JsonSchema } from '@pipeline/singer';
import type { HttpClient } from '@pipeline/tap-kit';
import { z } from 'zod';
import { parseAnswer } from './answer.ts';

/** What the properties API says of a property: its name and the type of its values. */
export interface Property {
  name: string;
  type: string;
}

const Properties = z.object({ results: z.array(z.object({ name: z.string(), type: z.string() })) });

/** Columns of a record that are not properties. */
const OWN_COLUMNS: ReadonlySet<string> = new Set([
  'id',
  'createdAt',
  'updatedAt',
  'archived',
  '_unparsed',
  '_sdc_deleted_at',
]);

/** All properties of a type of object, HubSpot's own and the account's. */
export async function fetchProperties(http: HttpClient, type: string): Promise<Property[]> {
  const path = `/crm/v3/properties/${type}`;
  return parseAnswer(Properties, await http.json({ path }), path).results;
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
