import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type DbtBuildOutcome, type DbtClaim, type DbtNodeResult, dbtSessionName } from '@pipeline/control';
import type { Logger } from '@pipeline/protocol';
import { type RunArtifact, readRunResults, readSources } from './artifacts.ts';
import type { Config } from './config.ts';
import { buildArguments, freshnessArguments, projectArguments } from './dbt-arguments.ts';
import type { DbtProcess, Invocation } from './dbt-process.ts';
import { loggableReason } from './loggable-reason.ts';

/** Statuses of nodes that fail a build. `skipped` is the consequence of one that did. */
const FAILURES = new Set(['error', 'fail', 'runtime error', 'partial success']);
const NODES_NAMED_MAX = 5;

export interface BuildDeps {
  config: Config;
  /** Takes a folder per build. */
  folder: string;
  logger: Logger;
}

/** Builds what the claim asks for, and says how it ended, node by node. @throws PipelineError `DBT_DIED` */
export async function build(deps: BuildDeps, dbt: DbtProcess, claim: DbtClaim): Promise<DbtBuildOutcome> {
  const targetPath = join(deps.folder, artifactFolder(claim.epoch));
  await mkdir(targetPath, { recursive: true });
  const call = (args: string[]) =>
    dbt.invoke(
      [...args, ...projectArguments(deps.config, targetPath)],
      { DBT_APPLICATION_NAME: dbtSessionName(deps.config.DBT_TARGET, claim) },
      (node) => deps.logger.debug({ node: node.uniqueId, status: node.status }, 'dbt node finished'),
    );
  const isFreshnessAsked = deps.config.DBT_SOURCE_FRESHNESS && claim.onlyNodes === null;
  const freshness = isFreshnessAsked ? await checkFreshness(deps, call, claim, targetPath) : [];
  const invocation = await call(buildArguments(claim));
  return outcomeOf(invocation, await readRunResults(targetPath), freshness);
}

/** Sorts by age: the retention removes the first. */
export function artifactFolder(epoch: number): string {
  return String(epoch).padStart(16, '0');
}

/** Stale sources are worth a warning; the build goes on. */
async function checkFreshness(
  deps: BuildDeps,
  call: (args: string[]) => Promise<Invocation>,
  claim: DbtClaim,
  targetPath: string,
): Promise<DbtNodeResult[]> {
  await call(freshnessArguments(claim.sources));
  const sources = await readSources(targetPath);
  for (const source of sources.filter(({ status }) => status !== 'pass')) {
    deps.logger.warn({ node: source.uniqueId, status: source.status, reason: source.reason }, 'a source is not fresh');
  }
  return sources;
}

function outcomeOf(
  { isSuccess, error }: Invocation,
  { invocationId, results }: RunArtifact,
  freshness: DbtNodeResult[],
): DbtBuildOutcome {
  const failed = results.filter(({ status }) => FAILURES.has(status));
  const problem =
    loggableReason(error) ?? (failed.length > 0 ? describe(failed, results.length) : 'dbt reported failure');
  return {
    outcome: isSuccess ? 'succeeded' : 'failed',
    error: isSuccess ? null : problem,
    results: [...freshness, ...results],
    ...(invocationId === undefined ? {} : { invocationId }),
  };
}

function describe(failed: DbtNodeResult[], total: number): string {
  const names = failed.slice(0, NODES_NAMED_MAX).map(({ uniqueId, reason }) => {
    return reason === null ? uniqueId : `${uniqueId} (${reason})`;
  });
  const more = failed.length > names.length ? `, and ${failed.length - names.length} more` : '';
  return `${failed.length} of ${total} nodes failed: ${names.join(', ')}${more}`;
}
