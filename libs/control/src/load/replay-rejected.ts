import type { PoolClient, Queryable } from '@pipeline/postgres';
import { sdcSequence } from '@pipeline/protocol';
import { parseJson } from '@pipeline/singer';
import * as statements from './rejected.sql.ts';

/** A rejected record that a loader shall load now. */
export interface Replay {
  id: string;
  epoch: number;
  pipeline: string;
  source: string;
  stream: string;
  /** The sequence of the batch it came with, so that a row read later is not overwritten with an older one. */
  sequence: bigint;
  /** The RECORD line. */
  record: string;
  /** The SCHEMA message of its stream. Undefined: none is known, because it was the tap that rejected the record. */
  schema: unknown;
}

/** Records replayed in one turn. */
const REPLAY_BATCH = 100;

/** Keeps the SCHEMA under which records were rejected, for their replay. */
export async function recordSchema(
  client: PoolClient,
  { pipeline, stream, message }: { pipeline: string; stream: string; message: object },
): Promise<void> {
  await statements.upsertSchema.run(client, { pipeline, stream, message: JSON.stringify(message) });
}

/** Records that an operator wants replayed, oldest first. */
export async function listReplays(db: Queryable): Promise<Replay[]> {
  const waiting = await statements.selectReplays.all(db, { limit: REPLAY_BATCH });
  return waiting.map(({ id, epoch, seq, pipeline, source, stream, record, schema }) => ({
    id,
    epoch: Number(epoch),
    pipeline,
    source,
    stream,
    record,
    // A tap rejects records before they are in a batch.
    sequence: sdcSequence(Number(epoch), seq ?? 0),
    schema: schema === null ? undefined : parseJson(schema),
  }));
}

/** The replay's fence: true while the record is still to be replayed, held until the transaction ends. A claim that takes back what an unfinished
 *  attempt left behind updates the attempt first: it waits for this transaction and then removes its row too, or it came first and
 *  has removed the record. Attempt before record, as there. */
export async function holdReplay(client: PoolClient, replay: Pick<Replay, 'id' | 'epoch'>): Promise<boolean> {
  await statements.shareAttempt.run(client, { epoch: replay.epoch });
  return (await statements.lockReplay.run(client, { id: replay.id })) === 1;
}

/** The record is loaded; or it is open again, for this reason. */
export async function endReplay(db: Queryable, id: string, refusedBecause: string | undefined): Promise<void> {
  await statements.endReplay.run(db, { id, refusedBecause: refusedBecause ?? null });
}
