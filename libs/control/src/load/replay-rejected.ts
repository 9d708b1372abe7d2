import { sdcSequence } from '@pipeline/contracts';
import type { PoolClient, Queryable } from '@pipeline/postgres';
import { parseJson } from '@pipeline/singer';

/** A rejected record that a loader shall load now. */
export interface Replay {
  id: string;
  epoch: number;
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
  await client.query(
    `insert into pipeline.rejected_schemas (pipeline, stream, message) values ($1, $2, $3)
     on conflict (pipeline, stream) do update set message = excluded.message`,
    [pipeline, stream, JSON.stringify(message)],
  );
}

/** Records that an operator wants replayed, oldest first. */
export async function listReplays(db: Queryable): Promise<Replay[]> {
  const { rows } = await db.query<
    Record<'id' | 'epoch' | 'source' | 'stream' | 'record', string> & { seq: number; schema: string | null }
  >(
    `select r.id::text, r.epoch::text, r.seq, p.source, r.stream, r.record, s.message as schema
     from pipeline.rejected_records r
     join pipeline.pipelines p on p.name = r.pipeline
     left join pipeline.rejected_schemas s on s.pipeline = r.pipeline and s.stream = r.stream
     where r.status = 'replaying' order by r.id limit $1`,
    [REPLAY_BATCH],
  );
  return rows.map(({ id, epoch, seq, source, stream, record, schema }) => ({
    id,
    epoch: Number(epoch),
    source,
    stream,
    record,
    sequence: sdcSequence(Number(epoch), seq),
    schema: schema === null ? undefined : parseJson(schema),
  }));
}

/** The replay's fence: true while the record is still to be replayed, held until the transaction ends. A claim that takes back what an unfinished
 *  attempt left behind updates the attempt first: it waits for this transaction and then removes its row too, or it came first and
 *  has removed the record. Attempt before record, as there. */
export async function holdReplay(client: PoolClient, replay: Pick<Replay, 'id' | 'epoch'>): Promise<boolean> {
  await client.query('select from pipeline.attempts where epoch = $1 for share', [replay.epoch]);
  const { rowCount } = await client.query(
    `select from pipeline.rejected_records where id = $1 and status = 'replaying' for update skip locked`,
    [replay.id],
  );
  return rowCount === 1;
}

/** The record is loaded; or it is open again, for this reason. */
export async function settleReplay(db: Queryable, id: string, refusedBecause: string | undefined): Promise<void> {
  await db.query(
    `update pipeline.rejected_records set status = case when $2::text is null then 'replayed' else 'open' end, reason = coalesce($2, reason)
     where id = $1 and status = 'replaying'`,
    [id, refusedBecause ?? null],
  );
}
