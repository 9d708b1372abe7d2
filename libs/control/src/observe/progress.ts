import type { Queryable } from '@pipeline/postgres';

/** How far a live attempt is. */
export interface AttemptProgress {
  rowsRead: number;
  requests: number;
  requestsFailed: number;
  waitingFor: string | null;
  waitingUntil: Date | null;
  windowFrom: string | null;
  windowTo: string | null;
}

/** Writes how far an attempt is; a tap calls it at most once a second, and once at the end. */
export async function saveProgress(db: Queryable, epoch: number, progress: AttemptProgress): Promise<void> {
  await db.query(
    `insert into pipeline.attempt_progress (epoch, rows_read, requests, requests_failed, waiting_for, waiting_until, window_from, window_to)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (epoch) do update set rows_read = excluded.rows_read, requests = excluded.requests, requests_failed = excluded.requests_failed,
       waiting_for = excluded.waiting_for, waiting_until = excluded.waiting_until, window_from = excluded.window_from,
       window_to = excluded.window_to, updated_at = clock_timestamp()`,
    [
      epoch,
      progress.rowsRead,
      progress.requests,
      progress.requestsFailed,
      progress.waitingFor,
      progress.waitingUntil,
      progress.windowFrom,
      progress.windowTo,
    ],
  );
}

/** A wait for a limit of the source. */
export interface AttemptWait {
  limit: string;
  from: Date;
  until: Date;
}

/** Shorter waits are not kept. */
export const WAIT_KEPT_MS = 500;
/** Waits that are kept of one attempt. */
export const WAITS_KEPT_MAX = 200;

/** Keeps the waits of an attempt since the last call. */
export async function saveWaits(db: Queryable, epoch: number, waits: AttemptWait[]): Promise<void> {
  if (waits.length === 0) return;
  await db.query(
    `insert into pipeline.waits (epoch, limit_name, from_at, until_at) select $1, * from unnest($2::text[], $3::timestamptz[], $4::timestamptz[])`,
    [epoch, waits.map(({ limit }) => limit), waits.map(({ from }) => from), waits.map(({ until }) => until)],
  );
}
