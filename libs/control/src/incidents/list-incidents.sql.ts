import { sql, statement } from '@pipeline/postgres';
import { iso } from '../observe/instant.sql.ts';

const { float8, int8, int8s, nullable, oneOf, text, uuid } = sql;

const COLUMNS = `i.id::text, i.kind, i.subject, i.code, i.severity, i.title, i.cause, i.remedy, i.effect, i.pipeline, i.stream, i.run_id as "runId",
  ${iso('i.opened_at')} as "openedAt", ${iso('i.closed_at')} as "closedAt", i.because_of::text as "becauseOf",
  (select count(*) from (select from pipeline.cycles c where c.started_at >= i.opened_at and (i.closed_at is null or c.started_at <= i.closed_at) limit 1000) c)::float8 as cycles`;

const ROW = {
  id: text,
  kind: text,
  subject: text,
  code: text,
  severity: oneOf(['fail', 'warn']),
  title: text,
  cause: text,
  remedy: text,
  effect: text,
  pipeline: nullable(text),
  stream: nullable(text),
  runId: nullable(uuid),
  openedAt: text,
  closedAt: nullable(text),
  becauseOf: nullable(text),
  cycles: float8,
};

export const selectOpenIncidents = statement({
  name: 'incident.select_open_incidents',
  text: `select ${COLUMNS} from pipeline.incidents i where i.opened_at is not null and i.closed_at is null
         order by i.severity = 'warn', i.opened_at, i.id`,
  row: ROW,
});

export const selectIncidents = statement({
  name: 'incident.select_incidents',
  text: `select ${COLUMNS} from pipeline.incidents i where i.opened_at is not null and ($2::bigint is null or i.id < $2) order by i.id desc limit $1`,
  parameters: { limit: int8, before: nullable(int8) },
  row: ROW,
});

export const lockUntoldIncidents = statement({
  name: 'incident.lock_untold_incidents',
  text: `select ${COLUMNS} from pipeline.incidents i
         where (i.opened_at is not null and not i.notified_opened) or (i.closed_at is not null and i.notified_opened and not i.notified_closed)
         order by i.id limit $1 for update of i skip locked`,
  parameters: { limit: int8 },
  row: ROW,
});

export const markIncidentsTold = statement({
  name: 'incident.mark_incidents_told',
  text: `update pipeline.incidents set notified_opened = true, notified_closed = closed_at is not null where id = any($1::bigint[])`,
  parameters: { ids: int8s },
});
