import { sql, statement } from '@pipeline/postgres';

const { bool, bytea, int4, jsonb, neverNull, nullable } = sql;

export const insertKey = statement({
  name: 'idempotency.insert_key',
  text: `insert into pipeline.idempotency_keys (key_sha256, request_sha256) values ($1, $2) on conflict do nothing`,
  parameters: { key: bytea, request: bytea },
});

export const selectResponse = statement({
  name: 'idempotency.select_response',
  text: `select status, body, request_sha256 <> $2 as "isOther" from pipeline.idempotency_keys where key_sha256 = $1`,
  parameters: { key: bytea, request: bytea },
  row: { status: nullable(int4), body: neverNull(jsonb<unknown>()), isOther: bool },
});

export const updateResponse = statement({
  name: 'idempotency.update_response',
  text: 'update pipeline.idempotency_keys set status = $2, body = $3 where key_sha256 = $1',
  parameters: { key: bytea, status: int4, body: jsonb() },
});

export const deleteOpenKey = statement({
  name: 'idempotency.delete_open_key',
  text: 'delete from pipeline.idempotency_keys where key_sha256 = $1 and status is null',
  parameters: { key: bytea },
});
