import { sql, statement } from '@pipeline/postgres';
import { cycleStatus, taskStatus } from '../status/index.ts';
import { ALERT_KINDS } from './alert-kinds.ts';

const { text, uuid, int8, float8, timestamptz, nullable, oneOf } = sql;

export const selectAlerts = statement({
  name: 'observe.alerts',
  text: 'select kind, subject, since, message, remedy, code from pipeline.alerts order by since, kind, subject',
  row: { kind: oneOf(ALERT_KINDS), subject: text, since: timestamptz, message: text, remedy: text, code: text },
});

export const selectStreamReports = statement({
  name: 'observe.stream_reports',
  text: `select pipeline, stream, status, rows_read::float8 as "rowsRead", rows_loaded::float8 as "rowsLoaded",
                rows_rejected::float8 as "rowsRejected", seconds::float8, error
         from pipeline.stream_runs where cycle_id = $1 order by started_at, stream`,
  parameters: { cycleId: uuid },
  row: {
    pipeline: text,
    stream: text,
    status: oneOf(taskStatus.all),
    rowsRead: float8,
    rowsLoaded: float8,
    rowsRejected: float8,
    // From the claim to the end. Null while it runs.
    seconds: nullable(float8),
    error: nullable(text),
  },
});

export const selectRecentCycles = statement({
  name: 'observe.recent_cycles',
  text: `select id, status, error, started_at as "startedAt", finished_at as "finishedAt"
         from pipeline.cycles order by started_at desc limit $1`,
  parameters: { limit: int8 },
  row: {
    id: uuid,
    status: oneOf(cycleStatus.all),
    error: nullable(text),
    startedAt: timestamptz,
    finishedAt: nullable(timestamptz),
  },
});

export const selectGauges = statement({
  name: 'observe.gauges',
  text: `select (select count(*) from pipeline.dead_letters where status = 'open')::float8 as "deadLetters",
                (select count(*) from pipeline.rejected_records where status = 'open')::float8 as "rejectedRecords",
                (select count(*) from pipeline.outbox where published_at is null)::float8 as "outboxWaiting",
                (select count(*) from pipeline.violations)::float8 as violations`,
  row: { deadLetters: float8, rejectedRecords: float8, outboxWaiting: float8, violations: float8 },
});

export const selectStreamAges = statement({
  name: 'observe.stream_ages',
  text: 'select pipeline, stream, extract(epoch from age)::float8 as seconds from pipeline.stream_freshness',
  row: { pipeline: text, stream: text, seconds: float8 },
});
