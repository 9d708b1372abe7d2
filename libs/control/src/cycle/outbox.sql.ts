import { sql, statement } from '@pipeline/postgres';

const { text, int8, int8s, jsonb } = sql;

export const insertMessage = statement({
  name: 'outbox.insert',
  text: 'insert into pipeline.outbox (exchange, routing_key, type, body) values ($1, $2, $3, $4)',
  parameters: { exchange: text, routingKey: text, type: text, body: jsonb() },
});

export const lockWaitingMessages = statement({
  name: 'outbox.lock_waiting',
  text: `select id::text, exchange, routing_key as "routingKey", type, body::text
         from pipeline.outbox where published_at is null order by outbox.id limit $1 for update skip locked`,
  parameters: { limit: int8 },
  row: { id: text, exchange: text, routingKey: text, type: text, body: text },
});

export const markPublished = statement({
  name: 'outbox.mark_published',
  text: 'update pipeline.outbox set published_at = clock_timestamp() where id = any($1)',
  parameters: { ids: int8s },
});
