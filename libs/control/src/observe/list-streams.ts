import type { Queryable, RowOf } from '@pipeline/postgres';
import type { StreamDay } from '@pipeline/protocol/api';
import type { z } from 'zod';
import * as statements from './list-streams.sql.ts';

const DAYS_SHOWN = 12;

/** A stream of a pipeline, children too, as the database knows it. */
export type StreamRow = RowOf<typeof statements.selectStreams>;

/** Every selected stream of every pipeline, or of one. */
export async function listStreamRows(
  db: Queryable,
  filter: { connection?: string | undefined; stream?: string | undefined } = {},
): Promise<StreamRow[]> {
  return statements.selectStreams.all(db, {
    connection: filter.connection ?? null,
    stream: filter.stream ?? null,
    days: DAYS_SHOWN,
  });
}

/** Rows a day of one stream, oldest first. */
export async function listStreamDays(
  db: Queryable,
  stream: { pipeline: string; stream: string; days: number },
): Promise<z.infer<typeof StreamDay>[]> {
  return (await statements.selectStreamDays.one(db, stream)).days;
}

/** Seconds that a cycle usually takes: the median of the newest twenty. Undefined before the first has ended. */
export async function medianCycleSeconds(db: Queryable): Promise<number | undefined> {
  return (await statements.selectMedianCycleSeconds.one(db)).seconds ?? undefined;
}
