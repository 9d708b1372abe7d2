import { z } from 'zod';

/** A variable as its schema declares it. */
export interface Variable {
  name: string;
  description: string;
  isSecret: boolean;
  isRequired: boolean;
  default: string | undefined;
  /** The values it may have, where they are few. */
  choices: string[];
}

const Property = z.object({
  description: z.string().default(''),
  secret: z.boolean().default(false),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  enum: z.array(z.union([z.string(), z.number()])).default([]),
});

/** The variables of a schema, in its order. */
export function variablesOf(schema: z.ZodObject): Variable[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, property]) => {
    const declared = Property.parse(property);
    return {
      name,
      description: declared.description,
      isSecret: declared.secret,
      isRequired: required.includes(name),
      default: declared.default === undefined ? undefined : String(declared.default),
      choices: declared.enum.map(String),
    };
  });
}
