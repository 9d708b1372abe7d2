import { PipelineError, sdcSequence } from '@pipeline/contracts';
import {
  countStreamRows,
  enterLedger,
  isCurrentEpoch,
  recordCheckpoint,
  recordManifest,
  recordOutcome,
  recordSchema,
  rejectRecords,
} from '@pipeline/control';
import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import { failpoint, history } from '@pipeline/probe';
import type { Warehouse, WriteResult } from '@pipeline/warehouse';
import type { Batch } from './batch.ts';
import { type StreamTargets, targetOfSource } from './stream-targets.ts';

export interface LoadLimits {
  rejectedMax: number;
  rejectedShare: number;
}

export type LoadResult =
  | {
      outcome: 'loaded';
      rows: number;
      rejected: number;
      sanitised: number;
      /** Set when the stream has more rejected records than is tolerated: the caller fails its task. */
      tooManyRejected: string | undefined;
    }
  /** Committed before: a redelivery. */
  | { outcome: 'known' }
  /** Its attempt is over; nothing of it may be written any more. */
  | { outcome: 'fenced' };

/** Loads one batch: rows, ledger, rejected records, checkpoint and manifest commit together or not at all, under the fence.
 *  Any replica may load any batch, in any order, any number of times. */
export async function loadBatch(
  deps: { pool: Pool; warehouse: Warehouse; targets?: StreamTargets; limits: LoadLimits },
  batch: Batch,
): Promise<LoadResult> {
  const { headers } = batch;
  const receivedAt = new Date();
  const table =
    headers.rows === 0
      ? undefined
      : await deps.warehouse.prepare(batch.schema, await (deps.targets ?? targetOfSource)(headers));
  const result = await inTransaction<LoadResult>(deps.pool, async (client) => {
    if (!(await isCurrentEpoch(client, headers.task, headers.epoch))) return { outcome: 'fenced' };
    if (!(await enterLedger(client, headers, batch.bytes))) return { outcome: 'known' };
    const written: WriteResult =
      table === undefined
        ? { loaded: 0, rejected: [], sanitised: 0, stale: 0 }
        : await deps.warehouse.write(client, table, batch.records, {
            sequence: sdcSequence(headers.epoch, headers.seq),
            receivedAt,
          });
    failpoint('loader.after_copy');
    const tooManyRejected = await account(client, batch, written, deps.limits);
    if (batch.state !== undefined) await recordCheckpoint(client, headers, batch.state);
    if (batch.manifest !== undefined) await recordManifest(client, headers.epoch, batch.manifest);
    history('load', headers);
    failpoint('loader.before_commit');
    return {
      outcome: 'loaded',
      rows: written.loaded,
      rejected: written.rejected.length,
      sanitised: written.sanitised,
      tooManyRejected,
    };
  });
  history(NOTED[result.outcome], headers);
  failpoint('loader.after_commit_before_ack');
  return result;
}

const NOTED = { loaded: 'commit', known: 'known', fenced: 'fence' } as const;

/** I6 for one batch, and the quarantine. */
async function account(
  client: PoolClient,
  { headers, schema }: Batch,
  written: WriteResult,
  limits: LoadLimits,
): Promise<string | undefined> {
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
  await recordSchema(client, { pipeline: headers.pipeline, stream: headers.stream, message: schema });
  await rejectRecords(
    client,
    written.rejected.map((record) => ({
      ...record,
      pipeline: headers.pipeline,
      stream: headers.stream,
      runId: headers.run,
      epoch: headers.epoch,
      seq: headers.seq,
    })),
  );
  const stream = await countStreamRows(client, headers.epoch, headers.stream);
  if (stream.rejected <= Math.max(limits.rejectedMax, limits.rejectedShare * stream.rows)) return undefined;
  return (
    `${headers.source}.${headers.stream}: ${stream.rejected} of ${stream.rows} records do not fit, one because ${written.rejected[0]?.reason}. ` +
    'They are in pipeline.rejected_records; mend the source, or raise LOADER_REJECTED_MAX'
  );
}
