import { z } from 'zod';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What fits a schema, with every property of it set and none at its default: what is added to the schema is in it without anybody's doing.
 *  @param special values by path, for texts whose form a schema cannot tell
 *  @throws when a text has a form and no value in `special` */
export function filledBy(schema: z.ZodType, special: Record<string, unknown>): unknown {
  return fill(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), '', special);
}

function fill(schema: JsonSchema, path: string, special: Record<string, unknown>): unknown {
  if (Object.hasOwn(special, path)) return special[path];
  const branch = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].find(({ type }) => type !== 'null');
  if (branch !== undefined) return fill(branch, path, special);
  const choice = schema.enum?.find((value) => value !== schema.default);
  if (choice !== undefined) return choice;
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, property]) => [
          name,
          fill(property as JsonSchema, path === '' ? name : `${path}.${name}`, special),
        ]),
      );
    case 'array':
      return [fill(schema.items as JsonSchema, `${path}[]`, special)];
    case 'boolean':
      return schema.default !== true;
    case 'integer':
    case 'number':
      return (schema.minimum ?? 0) + 1 === schema.default ? (schema.minimum ?? 0) + 2 : (schema.minimum ?? 0) + 1;
    default:
      if (schema.type === 'string' && schema.pattern === undefined && schema.format === undefined) return `own ${path}`;
      throw new Error(`what fits ${path}? Name a value of the form ${JSON.stringify(schema)}`);
  }
}
