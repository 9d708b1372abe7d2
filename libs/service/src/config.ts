import { PipelineError } from '@pipeline/protocol';
import type { z } from 'zod';
import { type Environment, processEnvironment, readFileVariables } from './environment.ts';
import { variablesOf } from './variable.ts';

/** A value that must be read and never shown: `z.string().min(1).meta(SECRET)`. */
export const SECRET = { secret: true };

export interface LoadedConfig<Config> {
  config: Config;
  /** The values of all variables marked {@link SECRET}, for the log's redaction. */
  secrets: string[];
}

/** Reads the variables of a schema: from the process, from `.env`, or from the file that `<NAME>_FILE` names.
 *  @throws PipelineError `CONFIG_INVALID` that lists every problem by variable, without values. */
export function loadConfig<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment = processEnvironment(),
): LoadedConfig<z.output<Schema>> {
  const { config, secrets, problems } = readConfig(schema, environment);
  if (config === undefined) throw configError(problems);
  return { config, secrets };
}

export interface ReadConfig<Config> {
  /** Undefined when there are problems. */
  config: Config | undefined;
  secrets: string[];
  problems: string[];
}

/** As {@link loadConfig}, for a caller that collects the problems of several schemas. */
export function readConfig<Schema extends z.ZodObject>(
  schema: Schema,
  variables: Environment,
): ReadConfig<z.output<Schema>> {
  const declared = variablesOf(schema);
  const { environment, problems } = readFileVariables(
    variables,
    declared.map((variable) => variable.name),
  );
  const parsed = schema.safeParse(environment);
  for (const issue of parsed.error?.issues ?? []) problems.push(describeIssue(issue, environment));
  const secrets = declared.flatMap(({ name, isSecret }) => (isSecret ? (environment[name] ?? []) : []));
  return { config: problems.length === 0 ? parsed.data : undefined, secrets, problems };
}

/** Takes the secrets out of this process's environment, so that no child process inherits them and no crash report shows them. */
export function scrubEnvironment(schema: z.ZodObject): void {
  for (const { name, isSecret } of variablesOf(schema)) if (isSecret) delete process.env[name];
}

function describeIssue(issue: z.core.$ZodIssue, environment: Environment): string {
  const name = issue.path.join('.');
  return name in environment ? `${name}: ${issue.message}` : `${name}: not set`;
}

export function configError(problems: string[]): PipelineError {
  const unique = [...new Set(problems)];
  return new PipelineError({
    code: 'CONFIG_INVALID',
    recovery: 'fix-config',
    message: `the configuration has ${unique.length} problem${unique.length === 1 ? '' : 's'}: ${unique.join('; ')}`,
  });
}
