import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '@pipeline/singer';

/** Whether the field at this breadcrumb (`properties`, `a`, `properties`, `b`) is selected. */
export type FieldSelected = (breadcrumb: string[]) => boolean;

export interface FieldMask {
  /** The schema without the fields that are not selected. */
  schema: JsonSchema;
  project: (record: JsonObject) => JsonObject;
}

/** Turns a selection of fields into what is applied to every record. Undefined when all fields are selected.
 *  Fields that the schema does not declare are kept: nobody could have deselected them. */
export function buildMask(schema: JsonSchema, isSelected: FieldSelected): FieldMask | undefined {
  const node = maskNode(schema, isSelected, []);
  return node === undefined
    ? undefined
    : { schema: maskedSchema(schema, node), project: (record) => maskedObject(record, node) };
}

interface MaskNode {
  dropped: Set<string>;
  nested: Map<string, MaskNode>;
  items: MaskNode | undefined;
}

function maskNode(schema: JsonSchema, isSelected: FieldSelected, breadcrumb: string[]): MaskNode | undefined {
  const node: MaskNode = { dropped: new Set(), nested: new Map(), items: undefined };
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const path = [...breadcrumb, 'properties', name];
    const nested = isSelected(path) ? maskNode(property, isSelected, path) : undefined;
    if (!isSelected(path)) node.dropped.add(name);
    else if (nested !== undefined) node.nested.set(name, nested);
  }
  if (schema.items !== undefined) node.items = maskNode(schema.items, isSelected, [...breadcrumb, 'items']);
  const isEmpty = node.dropped.size === 0 && node.nested.size === 0 && node.items === undefined;
  return isEmpty ? undefined : node;
}

function maskedSchema(schema: JsonSchema, node: MaskNode): JsonSchema {
  const masked: JsonSchema = { ...schema };
  if (schema.properties !== undefined) {
    const kept = Object.entries(schema.properties).filter(([name]) => !node.dropped.has(name));
    masked.properties = Object.fromEntries(
      kept.map(([name, property]) => {
        const nested = node.nested.get(name);
        return [name, nested === undefined ? property : maskedSchema(property, nested)];
      }),
    );
  }
  if (schema.items !== undefined && node.items !== undefined) masked.items = maskedSchema(schema.items, node.items);
  return masked;
}

function maskedObject(object: JsonObject, node: MaskNode): JsonObject {
  const kept = Object.entries(object).filter(([name]) => !node.dropped.has(name));
  return Object.fromEntries(
    kept.map(([name, value]) => {
      const nested = node.nested.get(name);
      return [name, nested === undefined || value === undefined ? value : maskedValue(value, nested)];
    }),
  );
}

function maskedValue(value: Json, node: MaskNode): Json {
  if (Array.isArray(value)) {
    const { items } = node;
    return items === undefined ? value : value.map((item) => maskedValue(item, items));
  }
  return isJsonObject(value) ? maskedObject(value, node) : value;
}
