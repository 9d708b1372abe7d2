import type { Queryable, RowOf } from '@pipeline/postgres';
import { describeAlert } from './catalogue.ts';
import * as statements from './find-problems.sql.ts';
import type { Problem } from './problem.ts';
import { schemaChanges } from './schema-changes.ts';

const TOKEN_DAYS_LEFT = 7;
/** What only a person can mend: see the catalogue of failures. */
const UNAUTHORISED = 'SOURCE_UNAUTHORISED';
type FailedStream = RowOf<typeof statements.selectFailedStreams>;

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
  const rows = await statements.selectAlertProblems.all(db);
  return rows.map(describeAlert);
}

/** Of a connection whose credentials the source accepts no more every stream fails: that is one problem. */
async function failedStreams(db: Queryable): Promise<Problem[]> {
  const rows = await statements.selectFailedStreams.all(db);
  const isRefused = ({ code }: FailedStream) => code === UNAUTHORISED;
  const refused = new Map(rows.filter(isRefused).map((row) => [row.pipeline, row]));
  const others = rows.filter((row) => !isRefused(row));
  return [...[...refused.values()].map(reauthorise), ...others.map(failedStream)];
}

function reauthorise({ pipeline, connection, runId, error, since }: FailedStream): Problem {
  return {
    kind: 'reauthorise',
    subject: connection,
    code: UNAUTHORISED,
    severity: 'fail',
    title: `${connection} must be authorised again`,
    cause: error,
    remedy: `open the connection ${connection}: connect it again, or set a new token; the next cycle reads on from the last bookmarks`,
    effect: `no stream of ${connection} is read until then; its tables stay as they were last loaded`,
    pipeline,
    stream: null,
    runId,
    since: since ?? new Date(),
  };
}

function failedStream({ pipeline, connection, stream, runId, error, code, since }: FailedStream): Problem {
  return {
    kind: 'failed_stream',
    subject: `${pipeline}/${stream}`,
    code: code ?? 'STREAM_FAILED',
    severity: 'fail',
    title: `${connection}.${stream} could not be read`,
    cause: error,
    remedy: 'do what the message says; the next cycle tries again by itself',
    effect: `${connection}.${stream} stays as it was last loaded; nothing was marked as deleted`,
    pipeline,
    stream,
    runId,
    since: since ?? new Date(),
  };
}

async function failedNodes(db: Queryable): Promise<Problem[]> {
  const rows = await statements.selectFailedNodes.all(db);
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
  const rows = await statements.selectExpiringTokens.all(db, { daysLeft: TOKEN_DAYS_LEFT });
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
  const rows = await statements.selectPausedByFailures.all(db);
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
  const rows = await statements.selectZeroRows.all(db);
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
  const rows = await statements.selectFailedChannels.all(db);
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
