import { countStreamRows, recordOutcome, recordSchema, rejectRecords } from '@pipeline/control';
import type { PoolClient } from '@pipeline/postgres';
import { type BatchHeaders, PipelineError, type RejectionLimits, rejectedAllowed } from '@pipeline/protocol';
import type { RejectedRecord, WriteResult } from '@pipeline/warehouse';
import type { Batch } from './batch.ts';

/** I6 for one batch, and the quarantine. Returns why its stream has too many rejected records. */
export async function account(
  client: PoolClient,
  batch: Batch,
  written: WriteResult,
  limits: RejectionLimits,
): Promise<string | undefined> {
  const { headers } = batch;
  const rejected = written.rejected.length;
  if (written.loaded + rejected !== headers.rows) {
    throw new PipelineError({
      code: 'BATCH_INVALID',
      recovery: 'fail',
      message: `batch ${headers.epoch}/${headers.seq} of ${headers.source}.${headers.stream} announces ${headers.rows} rows and has ${written.loaded + rejected}`,
    });
  }
  await recordOutcome(client, headers, { rejected, sanitised: written.sanitised });
  if (rejected === 0) return undefined;
  await quarantine(client, batch, written.rejected);
  const stream = await countStreamRows(client, headers.epoch, headers.stream);
  if (stream.rejected <= rejectedAllowed(stream.rows, limits)) return undefined;
  return tooManyRejected(batch, { rows: stream.rows, count: stream.rejected, rejected: written.rejected });
}

/** Records of the batch that may be rejected before its stream has too many. The batch is in the ledger already, without its rejected records. */
export async function countRejectionsLeft(
  client: PoolClient,
  { epoch, stream }: Pick<BatchHeaders, 'epoch' | 'stream'>,
  limits: RejectionLimits,
): Promise<number> {
  const { rows, rejected } = await countStreamRows(client, epoch, stream);
  return rejectedAllowed(rows, limits) - rejected;
}

export async function quarantine(
  client: PoolClient,
  { headers, schema }: Batch,
  rejected: RejectedRecord[],
): Promise<void> {
  await recordSchema(client, { pipeline: headers.pipeline, stream: headers.stream, message: schema });
  await rejectRecords(
    client,
    rejected.map((record) => ({
      ...record,
      pipeline: headers.pipeline,
      stream: headers.stream,
      runId: headers.run,
      epoch: headers.epoch,
      seq: headers.seq,
    })),
  );
}

/** @param count of the whole stream. @default those of the batch, which was left before its end */
export function tooManyRejected(
  { headers }: Batch,
  { rows, rejected, count }: { rows: number; rejected: RejectedRecord[]; count?: number },
): string {
  const many = count === undefined ? `at least ${rejected.length}` : String(count);
  return (
    `${headers.source}.${headers.stream}: ${many} of ${rows} records do not fit, one because ${rejected[0]?.reason}. ` +
    'They are in pipeline.rejected_records; mend the source, or raise LOADER_REJECTED_MAX'
  );
}
