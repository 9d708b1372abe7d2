import { sql, statement } from '@pipeline/postgres';
import { rejectedStatus } from '../status/index.ts';

const { text, texts, nullableTexts, uuids, int4, int4s, int8, int8s, bool, nullable, oneOf } = sql;

export const selectEncoding = statement({
  name: 'rejected.select_encoding',
  text: `select current_setting('server_encoding') as encoding`,
  row: { encoding: text },
});

export const insertRejected = statement({
  name: 'rejected.insert',
  text: `insert into pipeline.rejected_records (pipeline, stream, run_id, epoch, seq, position, column_name, sqlstate, reason, record)
         select * from unnest($1::text[], $2::text[], $3::uuid[], $4::bigint[], $5::int[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[])`,
  parameters: {
    pipelines: texts,
    streams: texts,
    runIds: uuids,
    epochs: int8s,
    seqs: int4s,
    positions: int4s,
    columns: nullableTexts,
    sqlstates: nullableTexts,
    reasons: texts,
    records: texts,
  },
});

export const removeRepeated = statement({
  name: 'rejected.remove_repeated',
  text: `delete from pipeline.rejected_records where pipeline = $1 and stream = $2 and record = $3 and ${rejectedStatus.is(['open'])}`,
  parameters: { pipeline: text, stream: text, record: text },
});

export const selectHasRejected = statement({
  name: 'rejected.exists',
  text: 'select exists (select from pipeline.rejected_records where epoch = $1 and seq = $2) as found',
  parameters: { epoch: int8, seq: int4 },
  row: { found: bool },
});

export const upsertSchema = statement({
  name: 'rejected.upsert_schema',
  text: `insert into pipeline.rejected_schemas (pipeline, stream, message) values ($1, $2, $3)
         on conflict (pipeline, stream) do update set message = excluded.message`,
  parameters: { pipeline: text, stream: text, message: text },
});

export const selectReplays = statement({
  name: 'rejected.select_replays',
  text: `select r.id::text, r.epoch::text, r.seq, r.pipeline, p.source, r.stream, r.record,
                case when r.record not like '{"type":"REJECTED"%' then s.message end as schema
         from pipeline.rejected_records r
         join pipeline.pipelines p on p.name = r.pipeline
         left join pipeline.rejected_schemas s on s.pipeline = r.pipeline and s.stream = r.stream
         where ${rejectedStatus.is(['replaying'], 'r.')} order by r.id limit $1`,
  parameters: { limit: int8 },
  row: {
    id: text,
    epoch: text,
    seq: nullable(int4),
    pipeline: text,
    source: text,
    stream: text,
    record: text,
    schema: nullable(text),
  },
});

export const shareAttempt = statement({
  name: 'rejected.share_attempt',
  text: 'select from pipeline.attempts where epoch = $1 for share',
  parameters: { epoch: int8 },
});

export const lockReplay = statement({
  name: 'rejected.lock_replay',
  text: `select from pipeline.rejected_records where id = $1 and ${rejectedStatus.is(['replaying'])} for update skip locked`,
  parameters: { id: int8 },
});

const ended = rejectedStatus.change(['replaying'], ['replayed', 'open']);
export const endReplay = statement({
  name: 'rejected.end_replay',
  text: `update pipeline.rejected_records
         set status = case when $2::text is null then '${ended.to[0]}' else '${ended.to[1]}' end, reason = coalesce($2, reason)
         where id = $1 and ${ended.from}`,
  parameters: { id: int8, refusedBecause: nullable(text) },
});

const fromOpen = rejectedStatus.change(['open'], ['replaying', 'discarded']);
export const moveOpen = statement({
  name: 'rejected.move_open',
  text: `update pipeline.rejected_records set status = $2 where id = any($1::bigint[]) and ${fromOpen.from} returning id::text`,
  parameters: { ids: int8s, status: oneOf(fromOpen.to) },
  row: { id: text },
});
