import { type Logger, pipelineName } from '@pipeline/contracts';
import { PIPELINE_HEARTBEAT_MS, type PipelineStreams, registerPipeline } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { AccountCatalog } from '../catalog/account-catalog.ts';

/** What the scheduler makes tasks of: root streams with the selected children. A root whose child is selected is read as well. */
export function selectedTasks({
  streams,
  selection,
}: Pick<AccountCatalog<never>, 'streams' | 'selection'>): PipelineStreams[] {
  return streams
    .map((stream) => ({
      name: stream.name,
      isSelected: selection.isSelected(stream.name),
      children: (stream.children ?? []).map((child) => child.name).filter((child) => selection.isSelected(child)),
      replication: stream.replication,
    }))
    .filter(({ isSelected, children }) => isSelected || children.length > 0)
    .map(({ name, children, replication }) => ({
      name,
      children,
      ...(replication.method === 'INCREMENTAL' ? { replicationKey: replication.key } : {}),
    }));
}

/** Makes the pipeline known to the scheduler and says every few seconds that this tap is alive. */
export async function keepRegistered(options: {
  pool: Pool;
  source: string;
  /** As they are now: an account's own streams come and go. */
  streams: () => PipelineStreams[];
  logger: Logger;
}): Promise<{ stop: () => void }> {
  const { pool, source, streams, logger } = options;
  const register = () => registerPipeline(pool, { name: pipelineName(source), source, streams: streams() });
  await register();
  let wasReached = true;
  const timer = setInterval(async () => {
    try {
      await register();
      wasReached = true;
    } catch (error) {
      if (wasReached) logger.warn({ err: error }, 'the scheduler cannot be told that this tap is alive');
      wasReached = false;
    }
  }, PIPELINE_HEARTBEAT_MS);
  return { stop: () => clearInterval(timer) };
}
