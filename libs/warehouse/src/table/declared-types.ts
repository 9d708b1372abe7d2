import { PipelineError } from '@pipeline/protocol';
import type { JsonSchema, SchemaMessage } from '@pipeline/singer';
import { type ColumnType, columnType } from './column-type.ts';
import { DELETED_AT_FIELD } from './metadata.ts';

/** Types of the schema's properties, the key first: it must have columns even where not everything has.
 *  @param columnTypes types that are set, whatever the schema says.
 *  @throws PipelineError `KEY_NOT_DECLARED`. */
export function declaredTypes(
  { stream, schema, key_properties: keys }: SchemaMessage,
  columnTypes: Record<string, ColumnType>,
): Map<string, ColumnType> {
  const properties = new Map(Object.entries(propertiesOf(schema)));
  properties.delete(DELETED_AT_FIELD);
  const missing = keys.find((key) => !properties.has(key));
  if (missing !== undefined) throw keyNotDeclared(stream, missing);
  const ordered = [...keys, ...properties.keys()];
  return new Map(
    ordered.map((property) => [property, columnTypes[property] ?? columnType(properties.get(property) ?? {}, schema)]),
  );
}

function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  const { properties } = schema;
  return typeof properties === 'object' && properties !== null ? properties : {};
}

function keyNotDeclared(stream: string, property: string): PipelineError {
  return new PipelineError({
    code: 'KEY_NOT_DECLARED',
    recovery: 'fail',
    message: `stream ${stream}: the key property ${property} is not in the schema`,
    context: { stream, property },
  });
}
