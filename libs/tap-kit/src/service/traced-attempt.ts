import type { Claim } from '@pipeline/control';
import { parseTraceparent } from '@pipeline/protocol';
import type { Tracing } from '@pipeline/service';
import { type AttemptDeps, runAttempt } from './task-attempt.ts';

/** An attempt as one span: its requests are counted in it, they are no spans. What loaders do with its batches is part of it.
 *  @param traceparent the span that the command was sent for */
export async function tracedAttempt<Settings>(
  claim: Claim,
  traceparent: string | undefined,
  { tracing, ...deps }: Omit<AttemptDeps<Settings>, 'span'> & { tracing: Tracing },
): Promise<void> {
  const { source, stream, pipeline, runId, taskId, epoch } = claim;
  const span = tracing.start(`read ${source}.${stream}`, {
    kind: 'consumer',
    parent: parseTraceparent(traceparent),
    attributes: {
      ...{ 'pipeline.name': pipeline, 'pipeline.source': source, 'pipeline.stream': stream },
      ...{ 'pipeline.run_id': runId, 'pipeline.task_id': taskId, 'pipeline.epoch': epoch },
    },
  });
  try {
    await runAttempt(claim, { ...deps, span });
  } finally {
    span.end();
  }
}
