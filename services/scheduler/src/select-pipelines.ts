import type { Pipeline } from '@pipeline/control';
import { pipelineName, sourceOfPipeline } from '@pipeline/protocol';

/** The pipelines of a cycle. */
export interface CyclePipelines {
  /** Names of pipelines, in the order in which they run. */
  run: string[];
  /** Pipelines that are wanted and cannot run, with what to do. */
  missing: { name: string; reason: string }[];
}

/** Chooses the pipelines of a cycle: those named, in that order, or every one whose tap is alive; without those that have a schedule of their own. */
export function selectPipelines(registered: Pipeline[], wantedConnections: string[]): CyclePipelines {
  const byConnection = new Map(registered.map((pipeline) => [sourceOfPipeline(pipeline.name), pipeline]));
  const wanted = wantedConnections.length > 0 ? wantedConnections : [...byConnection.keys()];
  const chosen: CyclePipelines = { run: [], missing: [] };
  for (const source of new Set(wanted)) {
    const pipeline = byConnection.get(source);
    if (pipeline?.paused || pipeline?.hasOwnSchedule) continue;
    if (pipeline?.isAlive) chosen.run.push(pipeline.name);
    else chosen.missing.push({ name: pipelineName(source), reason: absence(source, pipeline, registered) });
  }
  return chosen;
}

function absence(source: string, pipeline: Pipeline | undefined, registered: Pipeline[]): string {
  if (pipeline !== undefined) return `tap-${source} no longer responds: start it`;
  const known = registered.map(({ name }) => name).join(', ') || 'none yet';
  return `no tap-${source} has registered: start it with its credentials, or correct PIPELINE_NAMES (known: ${known})`;
}
