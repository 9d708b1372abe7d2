import type { PoolClient, Queryable } from '@pipeline/postgres';
import * as statements from './request-runs.sql.ts';

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
  return (await statements.requestRun.first(client, { name, ...wish, by }))?.at;
}

/** Asks for a run of a pipeline because its source says that something changed: not while it is paused. False: it is paused, or there is none. */
export async function wakePipeline(db: Queryable, name: string): Promise<boolean> {
  return (await statements.wakePipeline.run(db, { name })) === 1;
}

/** Leaves a pipeline out of the schedule, with who and why, until it is resumed or until then. A run under way goes on. False: there is none. */
export async function pausePipeline(
  db: Queryable,
  name: string,
  pause: { by: string; reason: string | null; until: string | null },
): Promise<boolean> {
  return (await statements.pausePipeline.run(db, { name, ...pause })) === 1;
}

/** Takes a pipeline into the schedule again; its failures are forgotten. False: there is none. */
export async function resumePipeline(db: Queryable, name: string): Promise<boolean> {
  return (await statements.resumePipeline.run(db, { name })) === 1;
}

/** Takes pipelines in again whose pause was to end by now. Returns their names. */
export async function resumeDuePipelines(db: Queryable): Promise<string[]> {
  const rows = await statements.resumeDuePipelines.all(db);
  return rows.map(({ name }) => name);
}

/** Sets when a pipeline runs. Null: as PIPELINE_INTERVAL_SECONDS says. False: there is no such pipeline. */
export async function saveSchedule(db: Queryable, name: string, schedule: object | null): Promise<boolean> {
  return (await statements.updateSchedule.run(db, { name, schedule })) === 1;
}
