import { readFileSync } from 'node:fs';
import { PipelineError } from '@pipeline/protocol';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseSelect, SELECT_PATTERN } from '../catalog/select-patterns.ts';
import type { SelectEntry } from '../catalog/selection.ts';

const Pattern = z
  .string()
  .regex(SELECT_PATTERN, 'expected a stream, a field of one (deals.amount), or one to leave out (!deals.notes)');
const Variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'expected the name of an environment variable');

/** A tap's `config.yml`: which environment variable feeds which setting, and which streams are read.
 *  ```yaml
 *  config:
 *    access_token: [HUBSPOT_TOKEN, HUBSPOT_API_KEY]   # the first one that is set counts
 *    start_date: HUBSPOT_START_DATE
 *  select:                                            # left out: all streams that are not optional
 *    - deals                                            # all fields
 *    - contacts.email                                   # only this field; keys are always sent
 *    - contacts.hs_lifecycle*                           # and these
 *    - "!companies.hs_notes"                            # all fields but this one
 *  ``` */
const ConfigFile = z.strictObject({
  config: z
    .record(
      z.string(),
      z.union([Variable.transform((name) => [name]), z.array(Variable).min(1)], {
        error: 'expected the name of an environment variable, or a list of names',
      }),
    )
    .default({}),
  select: z.array(Pattern).nullish(),
});

export interface ConfigFile {
  /** Setting to variables, the preferred one first. */
  variables: Map<string, string[]>;
  /** Undefined: all streams that are not optional. */
  select: SelectEntry[] | undefined;
  /** The same as it is written. */
  patterns: string[] | undefined;
}

/** @throws PipelineError `CONFIG_FILE_INVALID` that lists every problem. */
export function parseConfigFile(text: string, path: string): ConfigFile {
  const parsed = ConfigFile.safeParse(yamlOf(text, path) ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
    throw invalid(path, problems.join('; '));
  }
  const patterns = parsed.data.select ?? undefined;
  return { variables: new Map(Object.entries(parsed.data.config)), ...selected(patterns) };
}

/** The same with another selection: patterns with commas between them, as a variable holds them. Empty or undefined: as it is.
 *  @throws PipelineError `CONFIG_INVALID` */
export function withSelection(file: ConfigFile, variable: string, text: string | undefined): ConfigFile {
  if (text === undefined || text.trim() === '') return file;
  const parsed = z.array(Pattern).safeParse(text.split(',').map((pattern) => pattern.trim()));
  if (parsed.success) return { ...file, ...selected(parsed.data) };
  const problems = parsed.error.issues.map(({ message, path }) => `entry ${Number(path[0]) + 1}: ${message}`);
  throw new PipelineError({
    code: 'CONFIG_INVALID',
    recovery: 'fix-config',
    message: `${variable}: ${problems.join('; ')}`,
  });
}

function selected(patterns: string[] | undefined): Pick<ConfigFile, 'select' | 'patterns'> {
  return { select: patterns === undefined ? undefined : parseSelect(patterns), patterns };
}

/** @throws PipelineError `CONFIG_FILE_INVALID` */
export function readConfigFile(path: string): ConfigFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw invalid(path, 'the file cannot be read', cause);
  }
  return parseConfigFile(text, path);
}

function yamlOf(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw invalid(path, cause instanceof Error ? cause.message : 'not YAML', cause);
  }
}

function invalid(path: string, problem: string, cause?: unknown): PipelineError {
  return new PipelineError({
    code: 'CONFIG_FILE_INVALID',
    recovery: 'fix-config',
    message: `${path}: ${problem}`,
    cause,
  });
}
