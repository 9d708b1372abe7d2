import type { PoolClient, Queryable } from '@pipeline/postgres';
import { type BatchHeaders, type Manifest, PipelineError } from '@pipeline/protocol';
import * as statements from './ledger.sql.ts';

/** Writes the batch into the ledger, first thing in its transaction: two loaders that hold the same batch take turns on the primary key, and
 *  the second one sees that it is done. Returns false if it was committed before.
 *  @throws PipelineError `BATCH_CONTENT_CHANGED` when (epoch, seq) names two contents: a defect, never acked in silence. */
export async function enterLedger(client: PoolClient, batch: BatchHeaders, bytes: number): Promise<boolean> {
  const { epoch, seq, stream, sha256, rows } = batch;
  const inserted = await statements.insertBatch.run(client, { epoch, seq, stream, sha256, rows, bytes });
  if (inserted === 1) return true;
  const known = await statements.selectContent.first(client, { epoch, seq });
  if (known?.sha256 !== sha256) {
    throw new PipelineError({
      code: 'BATCH_CONTENT_CHANGED',
      recovery: 'fail',
      message: `batch ${batch.epoch}/${batch.seq} of ${batch.source}.${batch.stream} came with another content than the one that is loaded`,
      context: { epoch: batch.epoch, seq: batch.seq, stream: batch.stream },
    });
  }
  return false;
}

/** What became of the batch's rows. */
export async function recordOutcome(
  client: PoolClient,
  batch: BatchHeaders,
  outcome: { rejected: number; sanitised: number },
): Promise<void> {
  if (outcome.rejected === 0 && outcome.sanitised === 0) return;
  await statements.updateOutcome.run(client, { epoch: batch.epoch, seq: batch.seq, ...outcome });
}

/** Keeps the STATE that rode on the batch until the watermark reaches it. */
export async function recordCheckpoint(client: PoolClient, batch: BatchHeaders, value: string): Promise<void> {
  await statements.insertCheckpoint.run(client, { epoch: batch.epoch, seq: batch.seq, value });
}

/** Keeps what the attempt said of itself on its final batch. */
export async function recordManifest(client: PoolClient, epoch: number, manifest: Manifest): Promise<void> {
  await statements.insertManifest.run(client, { epoch, manifest });
}

/** The SHA-256 of the batch that is loaded under this number, in hexadecimal. */
export async function loadedContent(
  db: Queryable,
  { epoch, seq }: Pick<BatchHeaders, 'epoch' | 'seq'>,
): Promise<string | undefined> {
  return (await statements.selectContent.first(db, { epoch, seq }))?.sha256;
}

/** Marks a batch of the ledger as given up: its rows count as rejected. */
export async function markSkipped(
  client: PoolClient,
  { epoch, seq }: Pick<BatchHeaders, 'epoch' | 'seq'>,
): Promise<void> {
  await statements.skipBatch.run(client, { epoch, seq });
}

/** Rows of this attempt and stream that are in the ledger, and how many of them were rejected. */
export async function countStreamRows(
  db: Queryable,
  epoch: number,
  stream: string,
): Promise<{ rows: number; rejected: number }> {
  const { rows, rejected } = await statements.countStreamRows.one(db, { epoch, stream });
  return { rows: Number(rows), rejected: Number(rejected) };
}
