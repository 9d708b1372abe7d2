import { sql, statement } from '@pipeline/postgres';

const { int4, int8 } = sql;
const days = { days: int4 };
const OLDER = 'clock_timestamp() - make_interval(days => $1)';

export const pruneCycles = statement({
  name: 'retention.cycles',
  text: `delete from pipeline.cycles where finished_at < ${OLDER}`,
  parameters: days,
});

export const pruneDbtRuns = statement({
  name: 'retention.dbt_runs',
  text: `delete from pipeline.dbt_runs where finished_at < ${OLDER}`,
  parameters: days,
});

export const pruneDeadLetters = statement({
  name: 'retention.dead_letters',
  text: `delete from pipeline.dead_letters where status <> 'open' and archived_at < ${OLDER}`,
  parameters: days,
});

export const pruneRejected = statement({
  name: 'retention.rejected_records',
  text: `delete from pipeline.rejected_records where status <> 'open' and rejected_at < ${OLDER}`,
  parameters: days,
});

export const pruneOutbox = statement({
  name: 'retention.outbox',
  text: `delete from pipeline.outbox where published_at < ${OLDER}`,
  parameters: days,
});

export const pruneStates = statement({
  name: 'retention.states',
  text: `delete from pipeline.states where id in (
           select id from (select id, row_number() over (partition by pipeline, stream order by id desc) as age from pipeline.states) s
           where age > $1)`,
  parameters: { kept: int8 },
});

export const pruneLogLines = statement({
  name: 'retention.log_lines',
  text: `delete from pipeline.log_lines where at < ${OLDER}`,
  parameters: days,
});

export const pruneIncidents = statement({
  name: 'retention.incidents',
  text: `delete from pipeline.incidents where closed_at < ${OLDER}`,
  parameters: days,
});

export const pruneStreamHours = statement({
  name: 'retention.stream_hours',
  text: `delete from pipeline.stream_hours where hour < ${OLDER}`,
  parameters: days,
});

export const pruneEgressDays = statement({
  name: 'retention.egress_days',
  text: `delete from pipeline.egress_days where day < ${OLDER}`,
  parameters: days,
});

export const pruneInstances = statement({
  name: 'retention.instances',
  text: `delete from pipeline.instances where seen_at < ${OLDER}`,
  parameters: days,
});

export const pruneChecks = statement({
  name: 'retention.connection_checks',
  text: `delete from pipeline.connection_checks where requested_at < ${OLDER}`,
  parameters: days,
});

export const pruneConsents = statement({
  name: 'retention.consents',
  text: `delete from pipeline.consents where expires_at < ${OLDER}`,
  parameters: days,
});

export const pruneSessions = statement({
  name: 'retention.sessions',
  text: `delete from pipeline.sessions where expires_at < ${OLDER}`,
  parameters: days,
});

export const pruneIdempotencyKeys = statement({
  name: 'retention.idempotency_keys',
  text: `delete from pipeline.idempotency_keys where created_at < ${OLDER}`,
  parameters: days,
});

export const pruneManifests = statement({
  name: 'retention.dbt_manifests',
  text: `delete from pipeline.dbt_manifests where seen_at < ${OLDER}
           and seen_at < (select max(seen_at) from pipeline.dbt_manifests)`,
  parameters: days,
});

export const pruneAudit = statement({
  name: 'retention.audit_log',
  text: `delete from pipeline.audit_log where at < ${OLDER}`,
  parameters: days,
});
