import type { Json, JsonSchema } from '@pipeline/singer';

/** The SQL types that the engine creates. Everything JSON can say fits one of them exactly. */
export type ColumnType = 'boolean' | 'bigint' | 'numeric' | 'date' | 'timestamptz' | 'text' | 'jsonb';

const COLUMN_TYPES = new Set<string>([
  'boolean',
  'bigint',
  'numeric',
  'date',
  'timestamptz',
  'text',
  'jsonb',
] satisfies ColumnType[]);

export function isColumnType(sqlType: string): sqlType is ColumnType {
  return COLUMN_TYPES.has(sqlType);
}

/** The nearest type that holds the values of both: what a column becomes when its schema changes. Types only widen. */
export function widest(a: ColumnType, b: ColumnType): ColumnType {
  if (a === b) return a;
  if (a === 'jsonb' || b === 'jsonb') return 'jsonb';
  if (isNumber(a) && isNumber(b)) return 'numeric';
  if (isTime(a) && isTime(b)) return 'timestamptz';
  return 'text';
}

/** The type of a field that no schema declares, from a value of it. */
export function typeOfValue(kind: 'boolean' | 'number' | 'string' | 'document'): ColumnType {
  const types = { boolean: 'boolean', number: 'numeric', string: 'text', document: 'jsonb' } as const;
  return types[kind];
}

const isNumber = (type: ColumnType) => type === 'bigint' || type === 'numeric';
const isTime = (type: ColumnType) => type === 'date' || type === 'timestamptz';

/** Nesting of `$ref`, `anyOf` and `allOf` that is followed; deeper (or circular) schemas say nothing. */
const DEPTH_MAX = 16;

/** The column type for a property. What says nothing, or says several things, is jsonb.
 *  @param root the stream's schema, in which `$ref` points. */
export function columnType(schema: JsonSchema, root: JsonSchema): ColumnType {
  const types = possibleTypes(schema, root, DEPTH_MAX);
  if (types.size === 0) return 'jsonb';
  return [...types].reduce(union);
}

/** Two types in one schema: unlike a change, a union says that both will stay, so their difference is kept. */
function union(a: ColumnType, b: ColumnType): ColumnType {
  const strings = [a, b].every((type) => type === 'text' || isTime(type));
  const numbers = isNumber(a) && isNumber(b);
  return a === b || strings || numbers ? widest(a, b) : 'jsonb';
}

function possibleTypes(schema: JsonSchema | boolean, root: JsonSchema, depth: number): Set<ColumnType> {
  if (typeof schema === 'boolean' || depth === 0) return new Set(['jsonb']);
  const target = typeof schema['$ref'] === 'string' ? resolveRef(schema['$ref'], root) : undefined;
  if (target !== undefined) return possibleTypes(target, root, depth - 1);
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const branches = subschemas(schema[keyword]);
    if (branches.length > 0) return new Set(branches.flatMap((branch) => [...possibleTypes(branch, root, depth - 1)]));
  }
  if (schema.type !== undefined) return declaredTypes(schema);
  const parts = subschemas(schema['allOf']).map((part) => possibleTypes(part, root, depth - 1));
  const narrowest = parts.find((types) => !types.has('jsonb')) ?? parts[0];
  if (narrowest !== undefined) return narrowest;
  const values = Array.isArray(schema['enum']) ? schema['enum'] : 'const' in schema ? [schema['const']] : undefined;
  return values === undefined ? new Set(['jsonb']) : new Set(values.flatMap(typesOfConstant));
}

function declaredTypes(schema: JsonSchema): Set<ColumnType> {
  const declared = Array.isArray(schema.type) ? schema.type : [schema.type];
  return new Set(
    declared.flatMap((type): ColumnType[] => {
      if (type === 'null') return [];
      if (type === 'boolean') return ['boolean'];
      if (type === 'integer') return [fitsBigint(schema) ? 'bigint' : 'numeric'];
      if (type === 'number') return ['numeric'];
      if (type === 'string') return [typeOfFormat(schema.format)];
      return ['jsonb'];
    }),
  );
}

function typeOfFormat(format: string | undefined): ColumnType {
  if (format === 'date-time') return 'timestamptz';
  if (format === 'date') return 'date';
  // A decimal sent as a string so that no reader rounds it (singer-python 5.12, singer-sdk 0.45).
  return format === 'singer.decimal' || format === 'x-singer.decimal' ? 'numeric' : 'text';
}

const INT64_LIMIT = 2 ** 63;

function fitsBigint(schema: JsonSchema): boolean {
  return ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].every((bound) => {
    const value = schema[bound];
    const number = typeof value === 'number' ? value : JSON.isRawJSON(value) ? Number(value.rawJSON) : 0;
    return Math.abs(number) < INT64_LIMIT;
  });
}

function typesOfConstant(value: unknown): ColumnType[] {
  if (value === null) return [];
  if (typeof value === 'boolean') return ['boolean'];
  if (typeof value === 'number' || JSON.isRawJSON(value)) return ['numeric'];
  return [typeof value === 'string' ? 'text' : 'jsonb'];
}

function resolveRef(ref: string, root: JsonSchema): JsonSchema | undefined {
  if (!ref.startsWith('#/')) return undefined;
  let node: unknown = root;
  for (const step of ref.slice(2).split('/')) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (!isObject(node) || !Object.hasOwn(node, name)) return undefined;
    node = node[name];
  }
  return isObject(node) ? (node as JsonSchema) : undefined;
}

function subschemas(value: unknown): JsonSchema[] {
  return Array.isArray(value) ? value.filter((item): item is JsonSchema => isObject(item)) : [];
}

function isObject(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
