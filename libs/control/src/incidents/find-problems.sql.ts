import { sql, statement } from '@pipeline/postgres';

const { float8, int4, int8, neverNull, nullable, text, timestamptz, uuid } = sql;

/** Loaded reads of a stream that all had rows, before one without is worth a word. */
const READS_WITH_ROWS = 5;

const ROWS_USUAL_MIN = 100;

export const selectAlertProblems = statement({
  name: 'problem.select_alert_problems',
  text: `select kind, subject, since, message, remedy, code from pipeline.alerts where kind not in ('violation', 'failed_run')`,
  row: { kind: text, subject: text, since: timestamptz, message: text, remedy: text, code: text },
});

export const selectFailedStreams = statement({
  name: 'problem.select_failed_streams',
  text: `select p.name as pipeline, p.connection, t.stream, r.id as "runId", coalesce(t.error, 'failed') as error, t.error_code as code, t.finished_at as since
         from pipeline.pipelines p
         cross join lateral (select * from pipeline.runs r where r.pipeline = p.name and r.status <> 'running' order by r.started_at desc limit 1) r
         join pipeline.tasks t on t.run_id = r.id
         where r.status = 'failed' and t.status = 'failed'`,
  row: {
    pipeline: text,
    connection: text,
    stream: text,
    runId: uuid,
    error: text,
    code: nullable(text),
    since: neverNull(timestamptz),
  },
});

export const selectFailedNodes = statement({
  name: 'problem.select_failed_nodes',
  text: `select x.unique_id as id, x.status, x.failures, x.reason, d.finished_at as since
         from (select id, finished_at from pipeline.dbt_runs where finished_at is not null order by finished_at desc limit 1) d
         join pipeline.dbt_results x on x.dbt_run_id = d.id where x.status in ('fail', 'error', 'runtime error')`,
  row: { id: text, status: text, failures: nullable(int8), reason: nullable(text), since: neverNull(timestamptz) },
});

export const selectExpiringTokens = statement({
  name: 'problem.select_expiring_tokens',
  text: `select c.name as connection, c.source, (k.result ->> 'tokenEndsAt')::timestamptz as ends
         from pipeline.connections c
         cross join lateral (select result from pipeline.connection_checks k where k.connection = c.name and k.finished_at is not null
                             order by k.requested_at desc limit 1) k
         where c.removed_at is null and (k.result ->> 'tokenEndsAt')::timestamptz < clock_timestamp() + make_interval(days => $1)`,
  parameters: { daysLeft: int4 },
  row: { connection: text, source: text, ends: timestamptz },
});

export const selectPausedByFailures = statement({
  name: 'problem.select_paused_by_failures',
  text: `select name, connection, pause_reason as reason, paused_at as since from pipeline.pipelines where paused and paused_by = 'scheduler'`,
  row: { name: text, connection: text, reason: nullable(text), since: neverNull(timestamptz) },
});

export const selectZeroRows = statement({
  name: 'problem.select_zero_rows',
  text: `select p.name as pipeline, p.connection, s.stream, x.usual, x.run_id as "runId", x.since
         from pipeline.pipelines p cross join lateral (select value ->> 'name' as stream from jsonb_array_elements(p.streams)) s
         cross join lateral (
           select (array_agg(n.rows order by n.at desc))[1] as newest, (array_agg(n.run_id order by n.at desc))[1] as run_id, max(n.at) as since,
                  percentile_cont(0.5) within group (order by n.rows) filter (where not n.is_newest) as usual,
                  min(n.rows) filter (where not n.is_newest) as least, count(*) as reads
           from (select k.run_id, a.finished_at as at, row_number() over (order by a.finished_at desc) = 1 as is_newest,
                        coalesce((select sum(l.rows) from pipeline.ledger l where l.epoch = a.epoch), 0)::float8 as rows
                 from pipeline.attempts a join pipeline.tasks k on k.id = a.task_id
                 where a.pipeline = p.name and a.stream = s.stream and a.outcome = 'loaded' and a.full_read and a.finished_at is not null
                 order by a.finished_at desc limit ${READS_WITH_ROWS + 1}) n) x
         where x.reads > ${READS_WITH_ROWS} and x.newest = 0 and x.least > 0 and x.usual >= ${ROWS_USUAL_MIN}`,
  row: { pipeline: text, connection: text, stream: text, usual: float8, runId: uuid, since: timestamptz },
});

export const selectFailedChannels = statement({
  name: 'problem.select_failed_channels',
  text: `select name, last_error as error, last_sent_at as since from pipeline.alert_channels where is_enabled and last_error is not null`,
  row: { name: text, error: neverNull(text), since: nullable(timestamptz) },
});
