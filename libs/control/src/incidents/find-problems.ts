import type { Queryable } from '@pipeline/postgres';
import { describeAlert } from './catalogue.ts';
import type { Problem } from './problem.ts';
import { schemaChanges } from './schema-changes.ts';

const TOKEN_DAYS_LEFT = 7;
/** Loaded reads of a stream that all had rows, before one without is worth a word. */
const READS_WITH_ROWS = 5;
const ROWS_USUAL_MIN = 100;

/** Everything that is wrong now, as PostgreSQL knows it; violations aside, which read too much for every look. */
export async function findProblems(db: Queryable): Promise<Problem[]> {
  const found = await Promise.all([
    alerts(db),
    failedStreams(db),
    failedNodes(db),
    expiringTokens(db),
    pausedByFailures(db),
    zeroRows(db),
    failedChannels(db),
    schemaChanges(db),
  ]);
  return found.flat();
}

/** The view pipeline.alerts, but failed runs: those are told stream by stream. */
async function alerts(db: Queryable): Promise<Problem[]> {
  const { rows } = await db.query<Parameters<typeof describeAlert>[0]>(
    `select kind, subject, since, message, remedy, code from pipeline.alerts where kind not in ('violation', 'failed_run')`,
  );
  return rows.map(describeAlert);
}

async function failedStreams(db: Queryable): Promise<Problem[]> {
  const { rows } = await db.query<{
    pipeline: string;
    connection: string;
    stream: string;
    runId: string;
    error: string;
    code: string | null;
    since: Date;
    models: string | null;
  }>(
    `select p.name as pipeline, p.connection, t.stream, r.id as "runId", coalesce(t.error, 'failed') as error, t.error_code as code, t.finished_at as since
     from pipeline.pipelines p
     cross join lateral (select * from pipeline.runs r where r.pipeline = p.name and r.status <> 'running' order by r.started_at desc limit 1) r
     join pipeline.tasks t on t.run_id = r.id
     where r.status = 'failed' and t.status = 'failed'`,
  );
  return rows.map(({ pipeline, connection, stream, runId, error, code, since }) => ({
    kind: 'failed_stream',
    subject: `${pipeline}/${stream}`,
    code: code ?? 'STREAM_FAILED',
    severity: 'fail' as const,
    title: `${connection}.${stream} could not be read`,
    cause: error,
    remedy: 'do what the message says; the next cycle tries again by itself',
    effect: `${connection}.${stream} stays as it was last loaded; nothing was marked as deleted`,
    pipeline,
    stream,
    runId,
    since: since ?? new Date(),
  }));
}

async function failedNodes(db: Queryable): Promise<Problem[]> {
  const { rows } = await db.query<{
    id: string;
    status: string;
    failures: string | null;
    reason: string | null;
    since: Date;
  }>(
    `select x.unique_id as id, x.status, x.failures, x.reason, d.finished_at as since
     from (select id, finished_at from pipeline.dbt_runs where finished_at is not null order by finished_at desc limit 1) d
     join pipeline.dbt_results x on x.dbt_run_id = d.id where x.status in ('fail', 'error', 'runtime error')`,
  );
  return rows.map(({ id, status, failures, reason, since }) => {
    const [kind, , name] = id.split('.');
    return {
      kind: 'dbt_node',
      subject: id,
      code: kind === 'test' ? 'DBT_TEST_FAILED' : 'DBT_MODEL_FAILED',
      severity: 'fail' as const,
      title: `dbt ${kind ?? 'node'} ${name ?? id} ${status === 'fail' ? 'fails' : 'broke off'}${failures === null ? '' : ` with ${failures} rows`}`,
      cause: reason ?? `dbt says ${status}`,
      remedy: 'see the rows on the page Models; mend the data or the model, then build again',
      effect: '',
      pipeline: null,
      stream: null,
      runId: null,
      since,
    };
  });
}

async function expiringTokens(db: Queryable): Promise<Problem[]> {
  const { rows } = await db.query<{ connection: string; source: string; ends: Date }>(
    `select c.name as connection, c.source, (k.result ->> 'tokenEndsAt')::timestamptz as ends
     from pipeline.connections c
     cross join lateral (select result from pipeline.connection_checks k where k.connection = c.name and k.finished_at is not null
                         order by k.requested_at desc limit 1) k
     where c.removed_at is null and (k.result ->> 'tokenEndsAt')::timestamptz < clock_timestamp() + make_interval(days => $1)`,
    [TOKEN_DAYS_LEFT],
  );
  return rows.map(({ connection, ends }) => ({
    kind: 'token_ends',
    subject: connection,
    code: 'TOKEN_ENDS',
    severity: 'warn' as const,
    title: `The token of ${connection} ends soon`,
    cause: `It is good until ${ends.toISOString().slice(0, 10)}.`,
    remedy: 'connect the account again, or set a new token',
    effect: '',
    pipeline: `pipeline_${connection}_to_postgres`,
    stream: null,
    runId: null,
    since: new Date(ends.getTime() - TOKEN_DAYS_LEFT * 86_400_000),
  }));
}

async function pausedByFailures(db: Queryable): Promise<Problem[]> {
  const { rows } = await db.query<{ name: string; connection: string; reason: string | null; since: Date }>(
    `select name, connection, pause_reason as reason, paused_at as since from pipeline.pipelines where paused and paused_by = 'scheduler'`,
  );
  return rows.map(({ name, connection, reason, since }) => ({
    kind: 'paused_by_failures',
    subject: name,
    code: 'PAUSED_BY_FAILURES',
    severity: 'fail' as const,
    title: `${connection} has paused itself`,
    cause: reason ?? 'too many of its runs failed in a row',
    remedy: `mend what the last run says, then: pipeline resume ${connection}`,
    effect: `no stream of ${connection} is read until then`,
    pipeline: name,
    stream: null,
    runId: null,
    since: since ?? new Date(),
  }));
}

async function zeroRows(db: Queryable): Promise<Problem[]> {
  const { rows } = await db.query<{
    pipeline: string;
    connection: string;
    stream: string;
    usual: number;
    runId: string;
    since: Date;
  }>(
    `select p.name as pipeline, p.connection, s.stream, x.usual, x.run_id as "runId", x.since
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
  );
  return rows.map(({ pipeline, connection, stream, usual, runId, since }) => ({
    kind: 'zero_rows',
    subject: `${pipeline}/${stream}`,
    code: 'ZERO_ROWS',
    severity: 'warn' as const,
    title: `${connection}.${stream} came without a single row`,
    cause: `It usually has about ${Math.round(usual)} rows.`,
    remedy: 'look at the source, and at what its token may read',
    effect: 'rows in the table stay unless the deletion of most of them is confirmed',
    pipeline,
    stream,
    runId,
    since,
  }));
}

async function failedChannels(db: Queryable): Promise<Problem[]> {
  const { rows } = await db.query<{ name: string; error: string; since: Date | null }>(
    `select name, last_error as error, last_sent_at as since from pipeline.alert_channels where is_enabled and last_error is not null`,
  );
  return rows.map(({ name, error, since }) => ({
    kind: 'alert_channel',
    subject: name,
    code: 'ALERT_CHANNEL_FAILED',
    severity: 'warn' as const,
    title: `Alerts do not reach ${name}`,
    cause: error,
    remedy: 'correct the channel under System, Alerts, and send a test',
    effect: 'nobody is told by this channel',
    pipeline: null,
    stream: null,
    runId: null,
    since: since ?? new Date(),
  }));
}
