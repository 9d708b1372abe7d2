import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DbtNodeResult } from '@pipeline/control';
import { z } from 'zod';
import { loggableReason } from './loggable-reason.ts';

const MESSAGE_CHARS_MAX = 10_000;

/** What is read of an artifact. dbt's versions add and drop fields, so only what identifies a result must be there. */
const RunResults = z.object({
  metadata: z.object({ invocation_id: z.string().nullish() }).nullish(),
  results: z.array(
    z.object({
      unique_id: z.string(),
      status: z.string(),
      execution_time: z.number().nullish(),
      message: z.string().nullish(),
      failures: z.number().int().nullish(),
    }),
  ),
});

const Sources = z.object({
  results: z.array(
    z.object({
      unique_id: z.string(),
      status: z.string(),
      execution_time: z.number().nullish(),
      max_loaded_at_time_ago_in_s: z.number().nullish(),
      error: z.string().nullish(),
    }),
  ),
});

export interface RunArtifact {
  invocationId: string | undefined;
  results: DbtNodeResult[];
}

/** `run_results.json` of a build. Without one, when dbt stopped before the first node, there are no results. */
export async function readRunResults(targetPath: string): Promise<RunArtifact> {
  const artifact = await readArtifact(targetPath, 'run_results.json', RunResults);
  const results = artifact?.results.map((result) => ({
    uniqueId: result.unique_id,
    status: result.status,
    seconds: result.execution_time ?? 0,
    failures: result.failures ?? null,
    message: result.message?.slice(0, MESSAGE_CHARS_MAX) ?? null,
    reason: loggableReason(result.message),
  }));
  return { invocationId: artifact?.metadata?.invocation_id ?? undefined, results: results ?? [] };
}

/** `sources.json` of a freshness check. */
export async function readSources(targetPath: string): Promise<DbtNodeResult[]> {
  const artifact = await readArtifact(targetPath, 'sources.json', Sources);
  return (artifact?.results ?? []).map((result) => {
    const age = result.max_loaded_at_time_ago_in_s;
    const message = result.error ?? (typeof age === 'number' ? `last loaded ${Math.round(age)} s ago` : null);
    return {
      uniqueId: result.unique_id,
      status: result.status,
      seconds: result.execution_time ?? 0,
      failures: null,
      message: message?.slice(0, MESSAGE_CHARS_MAX) ?? null,
      reason: loggableReason(message),
    };
  });
}

/** Undefined: dbt stopped before it wrote one. @throws when it is not as `schema` says */
export async function readArtifact<T>(targetPath: string, name: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(join(targetPath, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : schema.parse(JSON.parse(text));
}
