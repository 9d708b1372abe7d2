import { enterLedger, isCurrentEpoch, recordCheckpoint, recordManifest } from '@pipeline/control';
import { inTransaction, type Pool } from '@pipeline/postgres';
import { failpoint, history } from '@pipeline/probe';
import { type RejectionLimits, sdcSequence } from '@pipeline/protocol';
import { TooManyRejected, type Warehouse, type WriteResult } from '@pipeline/warehouse';
import { account, countRejectionsLeft, quarantine, tooManyRejected } from './account.ts';
import type { Batch } from './batch.ts';
import { prepareTable } from './prepare-table.ts';
import type { StreamTargets } from './stream-targets.ts';

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
  /** More of the stream is rejected than is tolerated, so nothing of the batch was written: the caller fails its task. */
  | { outcome: 'stopped'; tooManyRejected: string }
  /** Its attempt is over; nothing of it may be written any more. */
  | { outcome: 'fenced' };

/** Loads one batch: rows, ledger, rejected records, checkpoint and manifest commit together or not at all, under the fence.
 *  Any replica may load any batch, in any order, any number of times. */
export async function loadBatch(
  deps: { pool: Pool; warehouse: Warehouse; targets?: StreamTargets; limits: RejectionLimits },
  batch: Batch,
): Promise<LoadResult> {
  const { headers } = batch;
  const receivedAt = new Date();
  const table = headers.rows === 0 ? undefined : await prepareTable(deps, batch.schema, headers);
  const result = await inTransaction<LoadResult>(deps.pool, async (client) => {
    if (!(await isCurrentEpoch(client, headers.task, headers.epoch))) return { outcome: 'fenced' };
    if (!(await enterLedger(client, headers, batch.bytes))) return { outcome: 'known' };
    const written: WriteResult =
      table === undefined
        ? { loaded: 0, rejected: [], sanitised: 0, stale: 0 }
        : await deps.warehouse.write(client, table, batch.records, {
            sequence: sdcSequence(headers.epoch, headers.seq),
            receivedAt,
            rejectedMax: () => countRejectionsLeft(client, headers, deps.limits),
          });
    failpoint('loader.after_copy');
    const tooMany = await account(client, batch, written, deps.limits);
    if (batch.state !== undefined) await recordCheckpoint(client, headers, batch.state);
    if (batch.manifest !== undefined) await recordManifest(client, headers.epoch, batch.manifest);
    history('load', headers);
    failpoint('loader.before_commit');
    return {
      outcome: 'loaded',
      rows: written.loaded,
      rejected: written.rejected.length,
      sanitised: written.sanitised,
      tooManyRejected: tooMany,
    };
  }).catch((error: unknown) => {
    if (error instanceof TooManyRejected) return stop(deps, batch, error);
    throw error;
  });
  history(NOTED[result.outcome], headers);
  failpoint('loader.after_commit_before_ack');
  return result;
}

const NOTED = { loaded: 'commit', known: 'known', fenced: 'fence', stopped: 'refuse' } as const;

/** What was found so far says enough. The batch is not in the ledger, so no bookmark passes it. */
function stop({ pool }: { pool: Pool }, batch: Batch, { rejected }: TooManyRejected): Promise<LoadResult> {
  return inTransaction(pool, async (client) => {
    if (!(await isCurrentEpoch(client, batch.headers.task, batch.headers.epoch))) return { outcome: 'fenced' };
    await quarantine(client, batch, rejected);
    const { rows } = batch.headers;
    return { outcome: 'stopped', tooManyRejected: tooManyRejected(batch, { rows, rejected }) };
  });
}
