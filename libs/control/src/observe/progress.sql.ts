import { sql, statement } from '@pipeline/postgres';

const { int8, nullable, text, texts, timestamptz, timestamptzs } = sql;

/** The day gets what has come since the last time: repeated after a response that was lost, it adds nothing. */
export const upsertProgress = statement({
  name: 'progress.upsert_progress',
  text: `with before as (select received_bytes from pipeline.attempt_progress where epoch = $1),
         booked as (
           insert into pipeline.egress_days (pipeline, day, bytes)
           select a.pipeline, (clock_timestamp() at time zone 'utc')::date, $9 - coalesce((select received_bytes from before), 0)
           from pipeline.attempts a where a.epoch = $1 and $9 > coalesce((select received_bytes from before), 0)
           on conflict (pipeline, day) do update set bytes = egress_days.bytes + excluded.bytes)
         insert into pipeline.attempt_progress (epoch, rows_read, requests, requests_failed, waiting_for, waiting_until, window_from, window_to,
           received_bytes)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (epoch) do update set rows_read = excluded.rows_read, requests = excluded.requests, requests_failed = excluded.requests_failed,
           waiting_for = excluded.waiting_for, waiting_until = excluded.waiting_until, window_from = excluded.window_from,
           window_to = excluded.window_to, received_bytes = excluded.received_bytes, updated_at = clock_timestamp()`,
  parameters: {
    epoch: int8,
    rowsRead: int8,
    requests: int8,
    requestsFailed: int8,
    waitingFor: nullable(text),
    waitingUntil: nullable(timestamptz),
    windowFrom: nullable(text),
    windowTo: nullable(text),
    receivedBytes: int8,
  },
});

export const insertWaits = statement({
  name: 'progress.insert_waits',
  text: `insert into pipeline.waits (epoch, limit_name, from_at, until_at) select $1, * from unnest($2::text[], $3::timestamptz[], $4::timestamptz[])`,
  parameters: { epoch: int8, limits: texts, from: timestamptzs, until: timestamptzs },
});
