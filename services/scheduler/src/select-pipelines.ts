import type { Pipeline } from '@pipeline/control';
import { pipelineName, sourceOfPipeline } from '@pipeline/protocol';

export interface Selection {
  /** Names of pipelines, in the order in which they run. */
  run: string[];
  /** Pipelines that are wanted and cannot run, with what to do. */
  missing: { name: string; reason: string }[];
}

/** Chooses the pipelines of a cycle: those named, in that order, or every one whose tap is alive; without those that have a schedule of their own. */
export function selectPipelines(registered: Pipeline[], wantedConnections: string[]): Selection {
  const byConnection = new Map(registered.map((pipeline) => [sourceOfPipeline(pipeline.name), pipeline]));
  const wanted = wantedConnections.length > 0 ? wantedConnections : [...byConnection.keys()];
  const selection: Selection = { run: [], missing: [] };
  for (const source of new Set(wanted)) {
    const pipeline = byConnection.get(source);
    if (pipeline?.paused || pipeline?.hasOwnSchedule) continue;
    if (pipeline?.isAlive) selection.run.push(pipeline.name);
    else selection.missing.push({ name: pipelineName(source), reason: absence(source, pipeline, registered) });
  }
  return selection;
}

function absence(source: string, pipeline: Pipeline | undefined, registered: Pipeline[]): string {
  if (pipeline !== undefined) return `tap-${source} no longer responds: start it`;
  const known = registered.map(({ name }) => name).join(', ') || 'none yet';
  return `no tap-${source} has registered: start it with its credentials, or correct PIPELINE_NAMES (known: ${known})`;
}
