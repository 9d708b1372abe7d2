import { sql, statement } from '@pipeline/postgres';
import { type Attempt, LogLevel, type LogLine } from '@pipeline/protocol/api';
import type { z } from 'zod';
import { taskStatus } from '../status/index.ts';
import { iso } from './instant.sql.ts';

const { bool, float8, int4, int8, json, jsonb, nullable, oneOf, text, texts, uuid } = sql;

const COMMITS_SHOWN = 200;

const ATTEMPTS_SHOWN = 20;

const STUCK_MINUTES = 15;

const ATTEMPT = `json_build_object('epoch', a.epoch::text, 'state', coalesce(a.outcome, 'live'), 'claimedBy', a.claimed_by,
  'startedAt', ${iso('a.started_at')}, 'extractedAt', ${iso('a.extracted_at')}, 'finishedAt', ${iso('a.finished_at')}, 'fullRead', a.full_read,
  'rowsRead', coalesce((select sum(l.rows) from pipeline.ledger l where l.epoch = a.epoch), 0),
  'requests', g.requests, 'requestsFailed', g.requests_failed, 'windowFrom', g.window_from, 'windowTo', g.window_to,
  'waits', (select coalesce(json_agg(json_build_object('limit', w.limit_name, 'from', ${iso('w.from_at')}, 'until', ${iso('w.until_at')}) order by w.from_at), '[]')
            from pipeline.waits w where w.epoch = a.epoch),
  'error', a.error)`;

export const selectTasks = statement({
  name: 'task_list.select_tasks',
  text: `select t.id, t.pipeline, t.stream, t.status, coalesce(a.full_read, t.full_read) as "isFull",
                array(select distinct l.stream from pipeline.ledger l where l.epoch = a.epoch and l.stream <> t.stream order by 1) as children,
                ${iso('t.queued_at')} as "queuedAt", ${iso('a.started_at')} as "startedAt", ${iso('a.extracted_at')} as "extractedAt",
                ${iso('coalesce(a.finished_at, t.finished_at)')} as "finishedAt",
                extract(epoch from coalesce(a.finished_at, t.finished_at, clock_timestamp()) - a.started_at)::float8 as seconds,
                greatest(l.rows, coalesce(g.rows_read, 0))::float8 as "rowsRead", (l.rows - l.rejected)::float8 as "rowsLoaded",
                l.rejected::float8 as rejected, coalesce(a.deleted, 0)::float8 as deleted, l.bytes::float8 as bytes,
                coalesce(g.waiting_for,
                         (select o.message || ' (since ' || to_char(o.since at time zone 'utc', 'HH24:MI:SS') || ' UTC)' from pipeline.present_obstacles o
                          where case
                            when t.status in ('running', 'loading') then o.run_id = t.run_id or (o.run_id is null and o.service in ('loader', 'tap-' || t.source))
                            when t.status = 'queued' then o.run_id is null and o.service in ('scheduler', 'tap-' || t.source)
                          end
                          order by o.stream = t.stream desc nulls last, o.since limit 1)) as "waitingFor", ${iso('g.waiting_until')} as "waitingUntil",
                t.status in ('running', 'loading')
                  and coalesce(l.newest, a.started_at) < clock_timestamp() - interval '${STUCK_MINUTES} minutes' as "isStuck",
                t.error, t.error_code as code,
                array(select ${iso('c.loaded_at')} from (select loaded_at from pipeline.ledger c where c.epoch = a.epoch order by seq desc limit ${COMMITS_SHOWN}) c
                      order by c.loaded_at) as commits,
                l.batches::float8 as "commitCount",
                (select coalesce(json_agg(${ATTEMPT} order by a.epoch desc), '[]')
                 from (select * from pipeline.attempts x where x.task_id = t.id order by x.epoch desc limit ${ATTEMPTS_SHOWN}) a
                 left join pipeline.attempt_progress g on g.epoch = a.epoch) as attempts
         from pipeline.tasks t
         left join lateral (select * from pipeline.attempts x where x.task_id = t.id order by x.epoch desc limit 1) a on true
         left join pipeline.attempt_progress g on g.epoch = a.epoch
         cross join lateral (select coalesce(sum(rows), 0) as rows, coalesce(sum(rejected), 0) as rejected, coalesce(sum(bytes), 0) as bytes,
                                    count(*) as batches, max(loaded_at) as newest from pipeline.ledger where epoch = a.epoch) l
         where t.run_id = $1 order by t.queued_at, t.stream`,
  parameters: { runId: uuid },
  row: {
    id: uuid,
    pipeline: text,
    stream: text,
    status: oneOf(taskStatus.all),
    isFull: bool,
    children: texts,
    queuedAt: text,
    startedAt: nullable(text),
    extractedAt: nullable(text),
    finishedAt: nullable(text),
    seconds: nullable(float8),
    rowsRead: float8,
    rowsLoaded: float8,
    rejected: float8,
    deleted: float8,
    bytes: float8,
    waitingFor: nullable(text),
    waitingUntil: nullable(text),
    isStuck: bool,
    error: nullable(text),
    code: nullable(text),
    commits: texts,
    commitCount: float8,
    attempts: json<z.infer<typeof Attempt>[]>(),
  },
});

export const selectBatches = statement({
  name: 'task_list.select_batches',
  text: `select l.epoch::text, l.seq, l.stream, l.rows, l.rejected, l.sanitised, l.bytes, ${iso('l.loaded_at')} as "loadedAt", l.skipped as "isSkipped"
         from pipeline.ledger l
         where l.epoch = any(array(select a.epoch from pipeline.tasks t join pipeline.attempts a on a.task_id = t.id where t.run_id = $1))
           and ($2::text is null or l.stream = $2) and ($3::bigint is null or (l.epoch, l.seq) < ($3, $4::int))
         order by l.epoch desc, l.seq desc limit $5`,
  parameters: {
    runId: uuid,
    stream: nullable(text),
    afterEpoch: nullable(int8),
    afterSeq: nullable(int4),
    limit: int8,
  },
  row: {
    epoch: text,
    seq: int4,
    stream: text,
    rows: int4,
    rejected: int4,
    sanitised: int4,
    bytes: int4,
    loadedAt: text,
    isSkipped: bool,
  },
});

export const selectLogLines = statement({
  name: 'task_list.select_log_lines',
  text: `select id::text, ${iso('at')} as at, level, service, stream, message, fields from pipeline.log_lines
         where run_id = $1 and log_lines.id > $2 and level = any($3) and ($4::text is null or stream = $4)
           and ($5::text is null or strpos(lower(message), lower($5)) > 0)
         order by log_lines.id limit $6`,
  parameters: { runId: uuid, afterId: int8, levels: texts, stream: nullable(text), q: nullable(text), limit: int8 },
  row: {
    id: text,
    at: text,
    level: oneOf(LogLevel.options),
    service: text,
    stream: nullable(text),
    message: text,
    fields: jsonb<LogLine['fields']>(),
  },
});

export const selectLogCounts = statement({
  name: 'task_list.select_log_counts',
  text: `select count(*)::float8 as all, (count(*) filter (where level = 'warn'))::float8 as warn,
                (count(*) filter (where level = 'error'))::float8 as error
         from pipeline.log_lines where run_id = $1`,
  parameters: { runId: uuid },
  row: { all: float8, warn: float8, error: float8 },
});

export const selectNewestLogLine = statement({
  name: 'task_list.select_newest_log_line',
  text: 'select coalesce(max(id), 0)::text as id from pipeline.log_lines',
  row: { id: text },
});
