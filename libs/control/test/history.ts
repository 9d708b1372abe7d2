import type { Pool } from '@pipeline/postgres';
import { PIPELINE } from './support.ts';

/** Cycles of one pipeline with two streams, one batch each, five minutes apart, the newest just over; each tenth failed and left rejected records. */
export async function seedHistory(pool: Pool, cycles: number, batchesPerAttempt = 1): Promise<void> {
  await pool.query(
    `with cycles as (
       insert into pipeline.cycles (status, pipelines, started_at, transforming_at, finished_at)
       select case when n % 10 = 0 then 'failed' else 'succeeded' end, array[$1], now() - n * interval '5 minutes',
              now() - n * interval '5 minutes' + interval '20 seconds', now() - n * interval '5 minutes' + interval '30 seconds'
       from generate_series(1, $2::int) n returning id, status, started_at),
     runs as (
       insert into pipeline.runs (cycle_id, pipeline, source, status, error, started_at, finished_at)
       select id, $1, 'test', case when status = 'failed' then 'failed' else 'loaded' end, case when status = 'failed' then 'owners: SOURCE_FORBIDDEN' end,
              started_at, started_at + interval '20 seconds' from cycles returning id, status, started_at),
     tasks as (
       insert into pipeline.tasks (run_id, pipeline, source, stream, status, error, error_code, attempts, queued_at, finished_at)
       select id, $1, 'test', s, case when status = 'failed' and s = 'owners' then 'failed' else 'loaded' end,
              case when status = 'failed' and s = 'owners' then 'scope missing' end,
              case when status = 'failed' and s = 'owners' then 'SOURCE_FORBIDDEN' end, 1, started_at, started_at + interval '18 seconds'
       from runs, unnest(array['deals', 'owners']) s returning id, stream, status, error, queued_at),
     attempts as (
       insert into pipeline.attempts (epoch, task_id, pipeline, stream, full_read, claimed_by, started_at, lease_until, extracted_at, watermark, outcome, error, finished_at)
       select nextval('pipeline.epoch_seq'), id, $1, stream, false, 'tap', queued_at + interval '1 second', queued_at + interval '1 minute',
              queued_at + interval '10 seconds', $3::int - 1, case when status = 'failed' then 'failed' else 'loaded' end, error, queued_at + interval '18 seconds'
       from tasks returning epoch, stream, started_at)
     insert into pipeline.ledger (epoch, seq, stream, sha256, rows, rejected, bytes, loaded_at)
     select epoch, b, stream, '', 100, 1, 10000, started_at + b * interval '1 millisecond' from attempts, generate_series(0, $3::int - 1) b`,
    [PIPELINE, cycles, batchesPerAttempt],
  );
  await pool.query(
    `insert into pipeline.run_figures select f.* from pipeline.runs r cross join lateral pipeline.figures_of_run(r.id) f
     where r.status <> 'running' on conflict do nothing`,
  );
  await pool.query('analyze');
}
