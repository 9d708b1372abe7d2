import { parseTraceparent } from '@pipeline/protocol';
import type { Span, Tracing } from '@pipeline/service';
import type { Batch } from './batch.ts';

/** The loading of a batch, with its waits, as part of the attempt that sent it. */
export function startBatchSpan(tracing: Tracing, traceparent: string | undefined, { headers, bytes }: Batch): Span {
  const { source, pipeline, stream, run, task, epoch, seq, rows } = headers;
  return tracing.start(`load ${source}.${stream}`, {
    kind: 'consumer',
    parent: parseTraceparent(traceparent),
    attributes: {
      ...{ 'pipeline.name': pipeline, 'pipeline.source': source, 'pipeline.stream': stream },
      ...{ 'pipeline.run_id': run, 'pipeline.task_id': task, 'pipeline.epoch': epoch },
      ...{ 'pipeline.seq': seq, 'pipeline.rows': rows, 'pipeline.bytes': bytes },
    },
  });
}
