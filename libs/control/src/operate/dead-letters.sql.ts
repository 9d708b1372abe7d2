import { sql, statement } from '@pipeline/postgres';
import { deadLetterStatus } from '../status/index.ts';

const { text, int8, bytea, jsonb, nullable, neverNull, oneOf } = sql;

const status = oneOf(deadLetterStatus.all);

export const upsertDeliveryError = statement({
  name: 'dead_letter.upsert_delivery_error',
  text: `insert into pipeline.delivery_errors (queue, message_id, code, reason) values ($1, $2, $3, $4)
         on conflict (queue, message_id) do update set code = excluded.code, reason = excluded.reason, at = clock_timestamp()`,
  parameters: { queue: text, messageId: text, code: nullable(text), reason: text },
});

/** With the last error of whoever gave up on it, else with the broker's reason. */
export const insertDeadLetter = statement({
  name: 'dead_letter.insert',
  text: `with said as (delete from pipeline.delivery_errors where queue = $1 and message_id = $4 returning code, reason)
         insert into pipeline.dead_letters (queue, exchange, routing_key, message_id, reason, properties, headers, body, code)
         values ($1, $2, $3, $4, coalesce((select reason from said), $5), $6, $7, $8, (select code from said))
         returning reason`,
  parameters: {
    queue: text,
    exchange: text,
    routingKey: text,
    messageId: nullable(text),
    brokerReason: text,
    properties: jsonb(),
    headers: jsonb(),
    body: bytea,
  },
  row: { reason: text },
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
  text: `update pipeline.dead_letters set status = $2, closed_at = clock_timestamp(), closed_by = $3 where id = $1`,
  parameters: { id: int8, status: oneOf(close.to), closedBy: text },
});

/** A batch whose attempt is over cannot be loaded any more, and its rows came with a later attempt that loaded the whole stream: the one that lost it
 *  could not move the bookmark past it. */
export const discardObsolete = statement({
  name: 'dead_letter.discard_obsolete',
  text: `update pipeline.dead_letters d
         set ${deadLetterStatus.change(['open'], ['discarded']).set}, closed_at = clock_timestamp(), closed_by = 'scheduler',
             close_reason = 'attempt ' || later.epoch || ' has loaded the stream since'
         from pipeline.attempts lost
         cross join lateral (
           select a.epoch from pipeline.attempts a
           where a.pipeline = lost.pipeline and a.stream = lost.stream and a.epoch > lost.epoch and a.outcome = 'loaded'
           order by a.epoch limit 1
         ) later
         where d.status = 'open' and d.exchange = $1 and d.headers ->> 'epoch' ~ '^[0-9]{1,15}$'
           and lost.epoch = (d.headers ->> 'epoch')::bigint and lost.outcome is not null
         returning d.id::text, d.queue, d.close_reason`,
  parameters: { batchesExchange: text },
  row: { id: text, queue: text, close_reason: neverNull(text) },
});
