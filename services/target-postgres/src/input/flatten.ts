import { isJsonObject, type JsonObject, type JsonSchema, type SchemaMessage } from '@pipeline/singer';

const SEPARATOR = '__';

/** The schema with nested objects spread into properties `a__b`, down to so many levels. */
export function flattenSchema(message: SchemaMessage, levels: number): SchemaMessage {
  if (levels === 0) return message;
  return { ...message, schema: { ...message.schema, properties: spreadSchema(message.schema, levels, '') } };
}

function spreadSchema(schema: JsonSchema, levels: number, prefix: string): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
      const isNested = levels > 0 && property.properties !== undefined;
      if (!isNested) return [[prefix + name, property]];
      return Object.entries(spreadSchema(property, levels - 1, `${prefix}${name}${SEPARATOR}`));
    }),
  );
}

/** The record in the form of its flattened schema. What the schema does not know as an object stays whole. */
export function flattenRecord(record: JsonObject, schema: JsonSchema, levels: number, prefix = ''): JsonObject {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => {
      const property = schema.properties?.[name];
      if (levels === 0 || property?.properties === undefined || !isJsonObject(value)) return [[prefix + name, value]];
      return Object.entries(flattenRecord(value, property, levels - 1, `${prefix}${name}${SEPARATOR}`));
    }),
  );
}
