import { readFileSync } from 'node:fs';
import { errorMessage, PipelineError } from '@pipeline/protocol';
import { parse } from 'yaml';
import { z } from 'zod';

const policy = z.enum(['evolve', 'freeze', 'quarantine', 'discard_row', 'discard_value']);
const columnType = z.enum(['boolean', 'bigint', 'numeric', 'date', 'timestamptz', 'text', 'jsonb']);
const identifier = z.string().min(1).max(63);

/** What may be said of a stream. */
const StreamSettings = z
  .strictObject({
    schema: identifier,
    table: identifier,
    naming: z.enum(['snake_case', 'lower', 'verbatim']),
    contract: z.strictObject({ tables: policy, columns: policy, types: policy }).partial(),
    key_change: z.enum(['error', 'rekey']),
    deletes: z.enum(['soft', 'hard']),
    columns: z.record(z.string().min(1), columnType),
  })
  .partial();
export type StreamSettings = z.output<typeof StreamSettings>;

const PATTERN = /^(\*|[a-z][a-z0-9_]*\.(\*|[A-Za-z0-9_.-]+))$/;

const ConfigFile = z.strictObject({
  streams: z
    .record(z.string(), StreamSettings)
    .refine((streams) => Object.keys(streams).every((name) => PATTERN.test(name)), {
      error: 'expected names such as "*", "connection.*" or "connection.stream"',
    })
    .nullish(),
});

/** The settings of streams by pattern. */
export type SettingsByPattern = ReadonlyMap<string, StreamSettings>;

/** Reads `config.yml`. @throws as {@link parseStreamSettings}. */
export function readStreamSettings(path: string): SettingsByPattern {
  return parseStreamSettings(readFileSync(path, 'utf8'), path);
}

/** @param path for messages.
 *  @throws PipelineError `CONFIG_FILE_INVALID` that lists every problem. */
export function parseStreamSettings(text: string, path: string): SettingsByPattern {
  let content: unknown;
  try {
    content = parse(text);
  } catch (cause) {
    throw invalid(path, errorMessage(cause), cause);
  }
  const parsed = ConfigFile.safeParse(content ?? {});
  if (parsed.success) return new Map(Object.entries(parsed.data.streams ?? {}));
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw invalid(path, problems.join('; '));
}

/** All that is said of a stream; what is said of it alone stands over what is said of its connection, and that over what is said of all. */
export function settingsOf(settings: SettingsByPattern, connection: string, stream: string): StreamSettings {
  return { ...settings.get('*'), ...settings.get(`${connection}.*`), ...settings.get(`${connection}.${stream}`) };
}

function invalid(path: string, problem: string, cause?: unknown): PipelineError {
  return new PipelineError({
    code: 'CONFIG_FILE_INVALID',
    recovery: 'fix-config',
    message: `${path}: ${problem}`,
    cause,
  });
}
