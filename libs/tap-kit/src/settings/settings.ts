import { PipelineError } from '@pipeline/protocol';
import { type ZodType, z } from 'zod';
import type { Auth } from '../http-policy.ts';

/** A setting of a tap as its schema declares it. */
export interface Setting {
  name: string;
  description: string;
  isRequired: boolean;
  /** Declared with `.meta({ secret: true })`. */
  isSecret: boolean;
  type: string | undefined;
  default: unknown;
}

const Property = z.object({
  type: z.string().optional(),
  description: z.string().default(''),
  default: z.unknown().optional(),
  secret: z.boolean().default(false),
});

/** The settings of a tap, in the order of their declaration. */
export function settingsOf(schema: ZodType): Setting[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, property]) => {
    const declared = Property.parse(property);
    return {
      name,
      description: declared.description,
      isRequired: required.includes(name),
      isSecret: declared.secret,
      type: declared.type,
      default: declared.default,
    };
  });
}

/** Checks the settings of a tap. @throws PipelineError `CONFIG_INVALID` that lists every problem, without values.
 *  @param nameOf how the user knows a setting: by its name, or by the variables that feed it. */
export function parseSettings<Settings>(
  schema: ZodType<Settings>,
  values: Record<string, unknown>,
  nameOf: (setting: string) => string = (setting) => setting,
): Settings {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const [setting, ...below] = issue.path.map(String);
    if (setting === undefined) return issue.message;
    const name = [nameOf(setting), ...below].join('.');
    return setting in values ? `${name}: ${issue.message}` : `${name}: not set`;
  });
  throw new PipelineError({
    code: 'CONFIG_INVALID',
    recovery: 'fix-config',
    message: `the configuration has ${problems.length} problem${problems.length === 1 ? '' : 's'}: ${problems.join('; ')}`,
  });
}

/** The secrets of a source's credentials, for the log's redaction. */
export function secretsOf(auth: Auth): string[] {
  switch (auth.kind) {
    case 'bearer':
      return [auth.token];
    case 'client-credentials':
      return [auth.clientSecret];
    case 'refresh-token':
      return [auth.clientSecret, auth.refreshToken];
  }
}
