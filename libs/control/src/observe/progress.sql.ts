import { sql, statement } from '@pipeline/postgres';

const { int8, int8s, nullable, text, texts, timestamptz, timestamptzs } = sql;

/** The day gets what has come since the last time: repeated after a response that was lost, it adds nothing. */
export const upsertProgress = statement({
  name: 'progress.upsert_progress',
  text: `with before as (select received from pipeline.attempt_progress where epoch = $1),
         came as (select account, bytes, bytes - coalesce(((select received from before) ->> account)::bigint, 0) as more
                  from unnest($9::text[], $10::bigint[]) as sum (account, bytes)),
         booked as (
           insert into pipeline.egress_days (pipeline, account, day, bytes)
           select a.pipeline, c.account, (clock_timestamp() at time zone 'utc')::date, c.more
           from pipeline.attempts a cross join came c where a.epoch = $1 and c.more > 0
           on conflict (pipeline, day, account) do update set bytes = egress_days.bytes + excluded.bytes)
         insert into pipeline.attempt_progress (epoch, rows_read, requests, requests_failed, waiting_for, waiting_until, window_from, window_to,
           received)
         values ($1, $2, $3, $4, $5, $6, $7, $8, (select coalesce(jsonb_object_agg(account, bytes), '{}') from came))
         on conflict (epoch) do update set rows_read = excluded.rows_read, requests = excluded.requests, requests_failed = excluded.requests_failed,
           waiting_for = excluded.waiting_for, waiting_until = excluded.waiting_until, window_from = excluded.window_from,
           window_to = excluded.window_to, received = excluded.received, updated_at = clock_timestamp()`,
  parameters: {
    epoch: int8,
    rowsRead: int8,
    requests: int8,
    requestsFailed: int8,
    waitingFor: nullable(text),
    waitingUntil: nullable(timestamptz),
    windowFrom: nullable(text),
    windowTo: nullable(text),
    accounts: texts,
    receivedBytes: int8s,
  },
});

export const insertWaits = statement({
  name: 'progress.insert_waits',
  text: `insert into pipeline.waits (epoch, limit_name, from_at, until_at) select $1, * from unnest($2::text[], $3::timestamptz[], $4::timestamptz[])`,
  parameters: { epoch: int8, limits: texts, from: timestamptzs, until: timestamptzs },
});
