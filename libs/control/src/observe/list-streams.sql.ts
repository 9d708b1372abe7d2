import { sql, statement } from '@pipeline/postgres';
import type { Schedule, StreamDay } from '@pipeline/protocol/api';
import type { z } from 'zod';
import { iso } from './instant.sql.ts';

const { bool, float8, int4, json, jsonb, nullable, oneOf, text } = sql;

type Day = z.infer<typeof StreamDay>;

/** Of a stream's root. */
export interface LastRead {
  runId: string;
  rows: number;
  rejected: number;
  seconds: number | null;
  isFull: boolean;
}

const DECLARED = `select p.*, root.value ->> 'name' as root, root.value ->> 'replicationKey' as replication_key,
    coalesce(own.database_schema, c.target_schema, p.source) as target_schema, s.stream, case when s.stream = root.value ->> 'name' then null else root.value ->> 'name' end as parent,
    root.position, s.rank
  from pipeline.pipelines p
  left join pipeline.connections c on c.name = p.connection
  cross join lateral jsonb_array_elements(p.streams) with ordinality root(value, position)
  cross join lateral (
    select root.value ->> 'name' as stream, 0 as rank
    union all
    select child, 1 from jsonb_array_elements_text(root.value -> 'children') child) s
  left join pipeline.stream_targets own on own.pipeline = p.name and own.stream = s.stream`;

function days(count: string): string {
  return `select json_agg(json_build_object('day', to_char(g.day, 'YYYY-MM-DD'), 'rows', coalesce(x.rows, 0), 'rejected', coalesce(x.rejected, 0),
      'deleted', coalesce(x.deleted, 0), 'bytes', coalesce(x.bytes, 0), 'reads', coalesce(x.reads, 0)) order by g.day) as days
    from generate_series((clock_timestamp() at time zone 'utc')::date - (${count}::int - 1), (clock_timestamp() at time zone 'utc')::date, '1 day') g(day)
    left join pipeline.stream_days x on x.pipeline = d.name and x.stream = d.stream and x.day = g.day::date`;
}

export const selectStreams = statement({
  name: 'stream_list.select_streams',
  text: `select d.connection, d.name as pipeline, d.source, d.stream, d.parent, d.replication_key as "replicationKey",
                ended.outcome, live.status as "taskStatus", live.waiting_for as "waitingFor",
                ${iso('loaded.finished_at')} as "loadedAt", extract(epoch from clock_timestamp() - loaded.finished_at)::float8 as "ageSeconds",
                d.paused as "isPaused", d.schedule, stats.rows::float8 as rows, stats.bytes::float8 as bytes, stats.writes::text as writes,
                case when ended.run_id is null then null else json_build_object('runId', ended.run_id, 'rows', ended_rows.rows, 'rejected', ended_rows.rejected,
                  'seconds', extract(epoch from ended.finished_at - ended.started_at), 'isFull', ended.full_read) end as "lastRead",
                coalesce(rejected.open, 0)::float8 as "openRejected", case when ended.outcome = 'loaded' then null else ended.error end as error,
                case when ended.outcome = 'loaded' then null else ended.error_code end as code,
                bookmark.value #>> array['bookmarks', d.root, d.replication_key] as bookmark,
                days.days, d.target_schema as "databaseSchema", t.table_name as "tableName"
         from (${DECLARED}) d
         left join pipeline.target_tables t on t.database_schema = d.target_schema and t.stream = d.stream
         left join lateral (
           select x.n_live_tup as rows, x.n_tup_ins + x.n_tup_upd + x.n_tup_del as writes, pg_total_relation_size(x.relid) as bytes from pg_stat_user_tables x
           where x.schemaname = t.database_schema and x.relname = t.table_name) stats on true
         left join lateral (
           select a.finished_at from pipeline.attempts a
           where a.pipeline = d.name and a.stream = d.root and a.finished_at is not null and a.outcome = 'loaded' order by a.finished_at desc limit 1) loaded on true
         left join lateral (
           select a.epoch, a.outcome, a.error, a.error_code, a.started_at, a.finished_at, a.full_read, k.run_id
           from pipeline.attempts a join pipeline.tasks k on k.id = a.task_id
           where a.pipeline = d.name and a.stream = d.root and a.finished_at is not null and a.outcome in ('loaded', 'incomplete', 'failed')
           order by a.finished_at desc limit 1) ended on true
         left join lateral (
           select coalesce(sum(l.rows), 0) as rows, coalesce(sum(l.rejected), 0) as rejected
           from pipeline.ledger l where l.epoch = ended.epoch and l.stream = d.stream) ended_rows on true
         left join lateral (
           select k.status, g.waiting_for from pipeline.tasks k left join pipeline.attempt_progress g on g.epoch = k.current_epoch
           where k.pipeline = d.name and k.stream = d.root and k.status in ('queued', 'running', 'loading')) live on true
         left join lateral (
           select count(*) as open from pipeline.rejected_records j where j.pipeline = d.name and j.stream = d.stream and j.status = 'open') rejected on true
         left join pipeline.states bookmark on bookmark.pipeline = d.name and bookmark.stream = d.root and bookmark.is_current
         cross join lateral (${days('$3')}) days
         where ($1::text is null or d.connection = $1) and ($2::text is null or d.stream = $2)
         order by d.name, d.position, d.rank, d.stream`,
  parameters: { connection: nullable(text), stream: nullable(text), days: int4 },
  row: {
    connection: text,
    pipeline: text,
    source: text,
    stream: text,
    parent: nullable(text),
    replicationKey: nullable(text),
    outcome: nullable(oneOf(['loaded', 'incomplete', 'failed'])),
    taskStatus: nullable(oneOf(['queued', 'running', 'loading'])),
    waitingFor: nullable(text),
    loadedAt: nullable(text),
    ageSeconds: nullable(float8),
    isPaused: bool,
    schedule: nullable(jsonb<Schedule>()),
    rows: nullable(float8),
    bytes: nullable(float8),
    // Changes of the table since its statistics began: as long as they stay the same, so do its rows.
    writes: nullable(text),
    lastRead: nullable(json<LastRead>()),
    openRejected: float8,
    error: nullable(text),
    // Of the error.
    code: nullable(text),
    bookmark: nullable(text),
    days: json<Day[]>(),
    databaseSchema: text,
    tableName: nullable(text),
  },
});

export const selectStreamDays = statement({
  name: 'stream_list.select_stream_days',
  text: `select days.days from (select $1::text as name, $2::text as stream) d cross join lateral (${days('$3')}) days`,
  parameters: { pipeline: text, stream: text, days: int4 },
  row: { days: json<Day[]>() },
});

export const selectMedianCycleSeconds = statement({
  name: 'stream_list.select_median_cycle_seconds',
  text: `select percentile_cont(0.5) within group (order by extract(epoch from finished_at - started_at)) as seconds
         from (select started_at, finished_at from pipeline.cycles where finished_at is not null order by started_at desc limit 20) c`,
  row: { seconds: nullable(float8) },
});
