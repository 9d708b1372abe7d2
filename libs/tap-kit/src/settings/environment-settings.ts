import { SECRET } from '@pipeline/service/config';
import { type ZodType, z } from 'zod';
import type { Tap } from '../declaration.ts';
import type { ConfigFile } from './config-file.ts';
import { type Setting, settingsOf } from './settings.ts';

/** The variable that says which streams and fields of a source are read, instead of `select`: `HUBSPOT_SELECT`. */
export function selectVariable(source: string): string {
  return `${source.toUpperCase().replaceAll('-', '_')}_SELECT`;
}

/** The environment variables that `config.yml` names, and the one for the selection, as a schema: for reading them (also from files), and for
 *  documenting them. */
export function variablesOf<Settings>(
  { source, settings }: Pick<Tap<Settings>, 'source' | 'settings'>,
  file: ConfigFile,
): z.ZodObject<Record<string, z.ZodOptional<z.ZodString>>> {
  const declared = new Map(settingsOf(settings).map((setting) => [setting.name, setting]));
  const fields = [...file.variables].flatMap(([name, variables]) =>
    variables.map((variable, index): [string, z.ZodOptional<z.ZodString>] => {
      const preferred = index === 0 ? undefined : variables[0];
      return [variable, describedVariable(name, declared.get(name), preferred)];
    }),
  );
  return z.object({
    ...Object.fromEntries(fields),
    [selectVariable(source)]: z
      .string()
      .optional()
      .describe(`Streams and fields to read, with commas, instead of \`select\` in services/tap-${source}/config.yml.`),
  });
}

function describedVariable(name: string, setting: Setting | undefined, preferred: string | undefined) {
  const text =
    preferred === undefined ? setting?.description || `Setting ${name} of the tap.` : `Older name of ${preferred}.`;
  const value = preferred === undefined ? writeValue(setting?.default) : undefined;
  return z
    .string()
    .optional()
    .meta({
      description: text,
      ...(isSecret(name, setting) ? SECRET : {}),
      ...(value === undefined ? {} : { default: value }),
    });
}

/** As a variable says it. Undefined: nothing, as in a list without entries. */
function writeValue(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (Array.isArray(value) && value.length === 0) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Declared as a secret, or called like one. */
export function isSecret(name: string, setting: Setting | undefined): boolean {
  return setting?.isSecret === true || /token|secret|password|key/i.test(name);
}

/** The settings that are set, by the first of their variables. Numbers, booleans and lists are read as JSON. */
export function settingsFromEnvironment<Settings>(
  settings: ZodType<Settings>,
  file: ConfigFile,
  environment: Record<string, string | undefined>,
): Record<string, unknown> {
  const types = new Map(settingsOf(settings).map((setting) => [setting.name, setting.type]));
  const values: Record<string, unknown> = {};
  for (const [name, variables] of file.variables) {
    const text = variables
      .map((variable) => environment[variable])
      .find((value) => value !== undefined && value !== '');
    if (text !== undefined) values[name] = readValue(text, types.get(name));
  }
  return values;
}

function readValue(text: string, type: string | undefined): unknown {
  if (type === undefined || type === 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether anybody has configured this source at all: some secret or required setting has a value. A pipeline without credentials
 *  is left out, one with half of them is a mistake. */
export function isConfigured<Settings>(settings: ZodType<Settings>, values: Record<string, unknown>): boolean {
  const needed = settingsOf(settings).filter((setting) => setting.isRequired || isSecret(setting.name, setting));
  return needed.length === 0 || needed.some((setting) => setting.name in values);
}
