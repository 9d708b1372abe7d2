import type { Pool, Queryable } from '@pipeline/postgres';

export interface PipelineStreams {
  /** The root stream: names the task. */
  name: string;
  /** Selected child streams. */
  children: string[];
  /** The field of its bookmark that holds the instant up to which everything is read. Absent: the whole stream is read each time. */
  replicationKey?: string;
}

export interface Pipeline {
  name: string;
  source: string;
  streams: PipelineStreams[];
  paused: boolean;
  requested: boolean;
  /** A replica of its tap has been seen within {@link PIPELINE_ALIVE_MS}. */
  isAlive: boolean;
}

/** Taps say that they are there this often. */
export const PIPELINE_HEARTBEAT_MS = 5_000;

/** Without a sign of its tap for this long a pipeline counts as down: three missed heartbeats. */
export const PIPELINE_ALIVE_MS = 20_000;

/** Makes the pipeline known, or says again that its tap is alive. */
export async function registerPipeline(
  pool: Pool,
  pipeline: { name: string; source: string; streams: PipelineStreams[] },
): Promise<void> {
  await pool.query(
    `insert into pipeline.pipelines (name, source, streams) values ($1, $2, $3)
     on conflict (name) do update set streams = excluded.streams, seen_at = clock_timestamp()`,
    [pipeline.name, pipeline.source, JSON.stringify(pipeline.streams)],
  );
}

/** All pipelines that have ever registered, in the order of their names. */
export async function listPipelines(db: Queryable): Promise<Pipeline[]> {
  const { rows } = await db.query<Pipeline>(
    `select name, source, streams, paused, requested_at is not null as requested,
            seen_at > clock_timestamp() - make_interval(secs => $1) as "isAlive"
     from pipeline.pipelines order by name`,
    [PIPELINE_ALIVE_MS / 1000],
  );
  return rows;
}

/** Asks for a run of this pipeline as soon as no cycle is live. Asking twice is asking once.
 *  Gives false if there is no such pipeline. */
export async function requestRun(
  db: Queryable,
  name: string,
  options: { fullRead: boolean; massDeletes: boolean },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update pipeline.pipelines
     set requested_at = coalesce(requested_at, clock_timestamp()),
         requested_full_read = requested_full_read or $2,
         requested_mass_deletes = requested_mass_deletes or $3
     where name = $1`,
    [name, options.fullRead, options.massDeletes],
  );
  return rowCount === 1;
}

/** A paused pipeline is left out of the schedule. A run under way goes on, and one asked for by hand still starts. Gives false if there is no
 *  such pipeline. */
export async function setPaused(db: Queryable, name: string, paused: boolean): Promise<boolean> {
  const { rowCount } = await db.query('update pipeline.pipelines set paused = $2 where name = $1', [name, paused]);
  return rowCount === 1;
}
