import type { Queryable } from '@pipeline/postgres';
import type { Schedule, StreamDay } from '@pipeline/protocol/api';
import type { z } from 'zod';
import * as statements from './list-streams.sql.ts';

const DAYS_SHOWN = 12;

/** A stream of a pipeline, children too, as the database knows it. */
export interface StreamRow {
  connection: string;
  pipeline: string;
  source: string;
  stream: string;
  parent: string | null;
  replicationKey: string | null;
  outcome: 'loaded' | 'incomplete' | 'failed' | null;
  taskStatus: 'queued' | 'running' | 'loading' | null;
  waitingFor: string | null;
  loadedAt: string | null;
  ageSeconds: number | null;
  isPaused: boolean;
  schedule: Schedule | null;
  rows: number | null;
  /** Changes of the table since its statistics began: as long as they stay the same, so do its rows. */
  writes: string | null;
  bytes: number | null;
  lastRead: { runId: string; rows: number; rejected: number; seconds: number | null; isFull: boolean } | null;
  openRejected: number;
  error: string | null;
  /** Of the error. */
  code: string | null;
  bookmark: string | null;
  days: z.infer<typeof StreamDay>[];
  databaseSchema: string;
  tableName: string | null;
}

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
  return (
    (
      await statements.selectStreamDays.first(db, {
        pipeline: stream.pipeline,
        stream: stream.stream,
        days: stream.days,
      })
    )?.days ?? []
  );
}

/** Seconds that a cycle usually takes: the median of the newest twenty. Undefined before the first has ended. */
export async function medianCycleSeconds(db: Queryable): Promise<number | undefined> {
  return (await statements.selectMedianCycleSeconds.first(db))?.seconds ?? undefined;
}
