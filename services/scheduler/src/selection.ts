import { pipelineName } from '@pipeline/contracts';
import type { Pipeline } from '@pipeline/control';

export interface Selection {
  /** Names of pipelines, in the order in which they run. */
  run: string[];
  /** Pipelines that are wanted and cannot run, with what to do. */
  missing: { name: string; reason: string }[];
}

/** Chooses the pipelines of a cycle: those named, in that order, or every one whose tap is alive. */
export function selectPipelines(registered: Pipeline[], wantedSources: string[]): Selection {
  const bySource = new Map(registered.map((pipeline) => [pipeline.source, pipeline]));
  const wanted = wantedSources.length > 0 ? wantedSources : registered.map((pipeline) => pipeline.source);
  const selection: Selection = { run: [], missing: [] };
  for (const source of new Set(wanted)) {
    const pipeline = bySource.get(source);
    if (pipeline?.paused) continue;
    if (pipeline?.isAlive) selection.run.push(pipeline.name);
    else selection.missing.push({ name: pipelineName(source), reason: absence(source, pipeline, registered) });
  }
  return selection;
}

function absence(source: string, pipeline: Pipeline | undefined, registered: Pipeline[]): string {
  if (pipeline !== undefined) return `tap-${source} has stopped answering: start it`;
  const known = registered.map(({ name }) => name).join(', ') || 'none yet';
  return `no tap-${source} has registered: start it with its credentials, or correct PIPELINE_NAMES (known: ${known})`;
}
