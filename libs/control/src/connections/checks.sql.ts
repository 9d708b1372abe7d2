import { sql, statement } from '@pipeline/postgres';

const { bool, bytea, float8, jsonb, neverNull, nullable, text, uuid } = sql;

export const insertCheck = statement({
  name: 'check.insert_check',
  text: `insert into pipeline.connection_checks (id, connection, source, sealed, key_id, requested_by) values ($1, $2, $3, $4, $5, $6)`,
  parameters: {
    id: uuid,
    connection: nullable(text),
    source: text,
    sealed: nullable(bytea),
    keyId: nullable(text),
    requestedBy: text,
  },
});

export const selectRequestedCheck = statement({
  name: 'check.select_requested_check',
  text: `select id, source, connection, sealed, key_id as "keyId" from pipeline.connection_checks where id = $1 and finished_at is null`,
  parameters: { id: uuid },
  row: { id: uuid, source: text, connection: nullable(text), sealed: nullable(bytea), keyId: nullable(text) },
});

export const finishCheck = statement({
  name: 'check.finish_check',
  text: `update pipeline.connection_checks set result = $2, finished_at = clock_timestamp(), sealed = null, key_id = null
         where id = $1 and finished_at is null`,
  parameters: { id: uuid, result: jsonb() },
});

export const insertFinishedCheck = statement({
  name: 'check.insert_finished_check',
  text: `insert into pipeline.connection_checks (connection, source, requested_by, finished_at, result)
         values ($1, $2, 'tap', clock_timestamp(), $3)`,
  parameters: { connection: text, source: text, result: jsonb() },
});

export const selectCheck = statement({
  name: 'check.select_check',
  text: `select finished_at is not null as "isDone", result from pipeline.connection_checks where id = $1`,
  parameters: { id: uuid },
  row: { isDone: bool, result: neverNull(jsonb<unknown>()) },
});

export const selectStaleChecks = statement({
  name: 'check.select_stale_checks',
  text: `select c.name, c.source from pipeline.connections c
         join pipeline.pipelines p on p.connection = c.name and p.seen_at > clock_timestamp() - make_interval(secs => $2)
         where c.removed_at is null
           and (select max(k.requested_at) from pipeline.connection_checks k where k.connection = c.name) < clock_timestamp() - make_interval(secs => $1)
         order by c.name`,
  parameters: { olderThanSeconds: float8, aliveSeconds: float8 },
  row: { name: text, source: text },
});

export const selectNewestChecks = statement({
  name: 'check.select_newest_checks',
  text: `select c.name as connection, newest.result,
                exists (select from pipeline.connection_checks w where w.connection = c.name and w.finished_at is null
                        and w.requested_at > clock_timestamp() - interval '5 minutes') as "isChecking"
         from pipeline.connections c
         left join lateral (select result from pipeline.connection_checks k where k.connection = c.name and k.finished_at is not null
                            order by k.requested_at desc limit 1) newest on true
         where c.removed_at is null`,
  row: { connection: text, result: neverNull(jsonb<unknown>()), isChecking: bool },
});
