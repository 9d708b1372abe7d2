import { readFileSync } from 'node:fs';
import { PipelineError, StreamName } from '@pipeline/contracts';
import { parse } from 'yaml';
import { z } from 'zod';
import type { SelectEntry } from '../catalog/selection.ts';

const Variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'expected the name of an environment variable');

const FieldsOfStream = z
  .record(StreamName, z.array(z.string().min(1), 'expected a list of fields'))
  .refine((entry) => Object.keys(entry).length === 1, 'expected one stream with its fields: `- deals: [amount]`');

/** A tap's `config.yml`: which environment variable feeds which setting, and which streams are read.
 *  ```yaml
 *  config:
 *    access_token: [HUBSPOT_TOKEN, HUBSPOT_API_KEY]   # the first one that is set counts
 *    start_date: HUBSPOT_START_DATE
 *  select:                                            # left out: all streams that are not optional
 *    - deals                                            # all fields
 *    - contacts: [email, "hs_lifecycle*"]               # these fields; keys are always sent
 *    - companies: ["!hs_notes_*"]                       # all fields but these
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
  select: z.array(z.union([StreamName, FieldsOfStream])).nullish(),
});

export interface ConfigFile {
  /** Setting to variables, the preferred one first. */
  variables: Map<string, string[]>;
  select: SelectEntry[] | undefined;
}

/** @throws PipelineError `CONFIG_FILE_INVALID` that lists every problem. */
export function parseConfigFile(text: string, path: string): ConfigFile {
  const parsed = ConfigFile.safeParse(yamlOf(text, path) ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
    throw invalid(path, problems.join('; '));
  }
  return { variables: new Map(Object.entries(parsed.data.config)), select: parsed.data.select?.flatMap(entriesOf) };
}

/** Entries of `select`, as `config.yml` and connections spell them. */
function entriesOf(entry: string | Record<string, string[]>): SelectEntry[] {
  if (typeof entry === 'string') return [{ stream: entry }];
  return Object.entries(entry).map(([stream, fields]) => ({ stream, fields }));
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
