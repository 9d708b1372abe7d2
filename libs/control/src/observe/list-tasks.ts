import type { Attempt, BatchItem, LogLine, TaskItem } from '@pipeline/contracts/api';
import type { Queryable } from '@pipeline/postgres';
import type { z } from 'zod';
import { iso } from './instant.ts';

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

export type TaskRow = Omit<TaskItem, 'state' | 'expectedRows' | 'attempts'> & {
  status: 'queued' | 'running' | 'loading' | 'loaded' | 'incomplete' | 'failed' | 'cancelled';
  pipeline: string;
  isFull: boolean;
  attempts: z.infer<typeof Attempt>[];
};

/** The tasks of a run in the order in which they were queued, with attempts, waits and commits. */
export async function listTasks(db: Queryable, runId: string): Promise<TaskRow[]> {
  const { rows } = await db.query<TaskRow>(
    `select t.id, t.pipeline, t.stream, t.status, coalesce(a.full_read, t.full_read) as "isFull",
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
    [runId],
  );
  return rows;
}

/** Committed batches of a run, newest first. */
export async function listBatches(
  db: Queryable,
  filter: {
    runId: string;
    stream?: string | undefined;
    limit: number;
    after: { epoch: string; seq: string } | undefined;
  },
): Promise<z.infer<typeof BatchItem>[]> {
  const { rows } = await db.query<z.infer<typeof BatchItem>>(
    `select l.epoch::text, l.seq, l.stream, l.rows, l.rejected, l.sanitised, l.bytes, ${iso('l.loaded_at')} as "loadedAt", l.skipped as "isSkipped"
     from pipeline.ledger l
     where l.epoch = any(array(select a.epoch from pipeline.tasks t join pipeline.attempts a on a.task_id = t.id where t.run_id = $1))
       and ($2::text is null or l.stream = $2) and ($3::bigint is null or (l.epoch, l.seq) < ($3, $4::int))
     order by l.epoch desc, l.seq desc limit $5`,
    [filter.runId, filter.stream ?? null, filter.after?.epoch ?? null, filter.after?.seq ?? null, filter.limit],
  );
  return rows;
}

export interface LogFilter {
  runId: string;
  levels: string[];
  stream?: string | undefined;
  q?: string | undefined;
  afterId: string;
  limit: number;
}

/** Lines of a run's log, oldest first. */
export async function listLogLines(db: Queryable, filter: LogFilter): Promise<LogLine[]> {
  const { rows } = await db.query<LogLine>(
    `select id::text, ${iso('at')} as at, level, service, stream, message, fields from pipeline.log_lines
     where run_id = $1 and log_lines.id > $2 and level = any($3) and ($4::text is null or stream = $4)
       and ($5::text is null or strpos(lower(message), lower($5)) > 0)
     order by log_lines.id limit $6`,
    [filter.runId, filter.afterId, filter.levels, filter.stream ?? null, filter.q ?? null, filter.limit],
  );
  return rows;
}

/** Lines of a run by level. */
export async function countLogLines(
  db: Queryable,
  runId: string,
): Promise<{ all: number; warn: number; error: number }> {
  const { rows } = await db.query<{ all: number; warn: number; error: number }>(
    `select count(*)::float8 as all, (count(*) filter (where level = 'warn'))::float8 as warn,
            (count(*) filter (where level = 'error'))::float8 as error
     from pipeline.log_lines where run_id = $1`,
    [runId],
  );
  return rows[0] ?? { all: 0, warn: 0, error: 0 };
}

/** The id of the newest line of all logs; `0` before the first. */
export async function newestLogLine(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ id: string }>('select coalesce(max(id), 0)::text as id from pipeline.log_lines');
  return rows[0]?.id ?? '0';
}
