import { type BatchHeaders, type Manifest, PipelineError } from '@pipeline/contracts';
import type { PoolClient } from '@pipeline/postgres';

/** Writes the batch into the ledger, first thing in its transaction: two loaders that hold the same batch take turns on the primary key, and
 *  the second one sees that it is done. Gives false if it was committed before.
 *  @throws PipelineError `BATCH_CONTENT_CHANGED` when (epoch, seq) names two contents: a defect, never acked in silence. */
export async function enterLedger(client: PoolClient, batch: BatchHeaders, bytes: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into pipeline.ledger (epoch, seq, stream, sha256, rows, bytes) values ($1, $2, $3, decode($4, 'hex'), $5, $6)
     on conflict (epoch, seq) do nothing`,
    [batch.epoch, batch.seq, batch.stream, batch.sha256, batch.rows, bytes],
  );
  if (rowCount === 1) return true;
  const { rows } = await client.query<{ sha256: string }>(
    `select encode(sha256, 'hex') as sha256 from pipeline.ledger where epoch = $1 and seq = $2`,
    [batch.epoch, batch.seq],
  );
  if (rows[0]?.sha256 !== batch.sha256) {
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
  await client.query('update pipeline.ledger set rejected = $3, sanitised = $4 where epoch = $1 and seq = $2', [
    batch.epoch,
    batch.seq,
    outcome.rejected,
    outcome.sanitised,
  ]);
}

/** Keeps the STATE that rode on the batch until the watermark reaches it. */
export async function recordCheckpoint(client: PoolClient, batch: BatchHeaders, value: string): Promise<void> {
  await client.query('insert into pipeline.checkpoints (epoch, seq, value) values ($1, $2, $3)', [
    batch.epoch,
    batch.seq,
    value,
  ]);
}

/** Keeps what the attempt said of itself on its final batch. */
export async function recordManifest(client: PoolClient, epoch: number, manifest: Manifest): Promise<void> {
  await client.query('insert into pipeline.manifests (epoch, manifest) values ($1, $2)', [
    epoch,
    JSON.stringify(manifest),
  ]);
}
