import type { PoolClient, Queryable } from '@pipeline/postgres';

/** What a person wants read. */
export interface RunWish {
  /** Null: all that are selected. */
  streams: string[] | null;
  fullRead: boolean;
  massDeletes: boolean;
}

/** Asks for a run of this pipeline as soon as no cycle is live; asked for twice it is one run, of the streams of both. Returns the instant at
 *  which it was asked for first; undefined: there is no such pipeline. */
export async function requestRunOf(
  client: PoolClient,
  name: string,
  wish: RunWish,
  by: string,
): Promise<Date | undefined> {
  const { rows } = await client.query<{ at: Date }>(
    `update pipeline.pipelines
     set requested_streams = case when requested_at is not null and requested_streams is null or $2::text[] is null then null
                                  else array(select distinct unnest(coalesce(requested_streams, '{}') || $2::text[]) order by 1) end,
         requested_full_read = requested_full_read or $3, requested_mass_deletes = requested_mass_deletes or $4, requested_by = $5,
         requested_at = coalesce(requested_at, clock_timestamp())
     where name = $1 returning requested_at as at`,
    [name, wish.streams, wish.fullRead, wish.massDeletes, by],
  );
  return rows[0]?.at;
}

/** Asks for a run of a pipeline because its source says that something changed: not while it is paused. False: it is paused, or there is none. */
export async function wakePipeline(db: Queryable, name: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update pipeline.pipelines
     set requested_streams = null, requested_at = coalesce(requested_at, clock_timestamp()), requested_by = coalesce(requested_by, 'webhook')
     where name = $1 and not paused`,
    [name],
  );
  return rowCount === 1;
}

/** Leaves a pipeline out of the schedule, with who and why, until it is resumed or until then. A run under way goes on. False: there is none. */
export async function pausePipeline(
  db: Queryable,
  name: string,
  pause: { by: string; reason: string | null; until: string | null },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update pipeline.pipelines
     set paused = true, paused_at = coalesce(case when paused then paused_at end, clock_timestamp()), paused_by = $2, pause_reason = $3, paused_until = $4
     where name = $1`,
    [name, pause.by, pause.reason, pause.until],
  );
  return rowCount === 1;
}

/** Takes a pipeline into the schedule again; its failures are forgotten. False: there is none. */
export async function resumePipeline(db: Queryable, name: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update pipeline.pipelines
     set paused = false, paused_at = null, paused_by = null, pause_reason = null, paused_until = null, failures_in_row = 0, retry_at = null
     where name = $1`,
    [name],
  );
  return rowCount === 1;
}

/** Takes pipelines in again whose pause was to end by now. Returns their names. */
export async function resumeDuePipelines(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `update pipeline.pipelines
     set paused = false, paused_at = null, paused_by = null, pause_reason = null, paused_until = null, failures_in_row = 0
     where paused and paused_until <= clock_timestamp() returning name`,
  );
  return rows.map(({ name }) => name);
}

/** Sets when a pipeline runs. Null: as PIPELINE_INTERVAL_SECONDS says. False: there is no such pipeline. */
export async function saveSchedule(db: Queryable, name: string, schedule: object | null): Promise<boolean> {
  const { rowCount } = await db.query('update pipeline.pipelines set schedule = $2 where name = $1', [
    name,
    schedule === null ? null : JSON.stringify(schedule),
  ]);
  return rowCount === 1;
}
