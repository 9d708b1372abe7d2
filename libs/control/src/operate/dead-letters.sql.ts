import { sql, statement } from '@pipeline/postgres';
import { deadLetterStatus } from '../status/index.ts';

const { text, int4, int8, float8, bytea, jsonb, timestamptz, nullable, oneOf } = sql;

const status = oneOf(deadLetterStatus.all);

export const insertDeadLetter = statement({
  name: 'dead_letter.insert',
  text: `insert into pipeline.dead_letters (queue, exchange, routing_key, message_id, reason, properties, headers, body)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
  parameters: {
    queue: text,
    exchange: text,
    routingKey: text,
    messageId: nullable(text),
    reason: text,
    properties: jsonb(),
    headers: jsonb(),
    body: bytea,
  },
});

export const selectDeadLetters = statement({
  name: 'dead_letter.select',
  text: `select id::text, queue, reason, message_id as "messageId", headers ->> 'stream' as stream, (headers ->> 'rows')::float8 as rows,
                length(body) as bytes, status, archived_at as "archivedAt"
         from pipeline.dead_letters where status = $1 order by dead_letters.id desc limit $2`,
  parameters: { status: text, limit: int8 },
  row: {
    id: text,
    queue: text,
    reason: text,
    messageId: nullable(text),
    stream: nullable(text),
    rows: nullable(float8),
    bytes: int4,
    status,
    archivedAt: timestamptz,
  },
});

export const lockDeadLetter = statement({
  name: 'dead_letter.lock',
  text: `select queue, exchange, routing_key as "routingKey", message_id as "messageId", reason, properties, headers, body, status
         from pipeline.dead_letters where id = $1 for update`,
  parameters: { id: int8 },
  row: {
    queue: text,
    exchange: text,
    routingKey: text,
    messageId: nullable(text),
    reason: text,
    properties: jsonb<Record<string, unknown>>(),
    headers: jsonb<Record<string, unknown>>(),
    body: bytea,
    status,
  },
});

const close = deadLetterStatus.change(['open'], ['replayed', 'skipped', 'discarded']);
export const closeDeadLetter = statement({
  name: 'dead_letter.close',
  text: 'update pipeline.dead_letters set status = $2 where id = $1',
  parameters: { id: int8, status: oneOf(close.to) },
});
