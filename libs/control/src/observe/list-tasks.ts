import type { Queryable, RowOf } from '@pipeline/postgres';
import type { BatchItem, LogLine } from '@pipeline/protocol/api';
import type { z } from 'zod';
import * as statements from './list-tasks.sql.ts';

export type TaskRow = RowOf<typeof statements.selectTasks>;

/** The tasks of a run in the order in which they were queued, with attempts, waits and commits. */
export async function listTasks(db: Queryable, runId: string): Promise<TaskRow[]> {
  return statements.selectTasks.all(db, { runId });
}

/** Committed batches of a run, newest first. */
export async function listBatches(
  db: Queryable,
  filter: {
    runId: string;
    stream?: string | undefined;
    limit: number;
    after: { epoch: string; seq: string } | undefined;
  },
): Promise<z.infer<typeof BatchItem>[]> {
  return statements.selectBatches.all(db, {
    runId: filter.runId,
    stream: filter.stream ?? null,
    afterEpoch: filter.after?.epoch ?? null,
    afterSeq: filter.after === undefined ? null : Number(filter.after.seq),
    limit: filter.limit,
  });
}

export interface LogFilter {
  runId: string;
  levels: string[];
  stream?: string | undefined;
  q?: string | undefined;
  afterId: string;
  limit: number;
}

/** Lines of a run's log, oldest first. */
export async function listLogLines(db: Queryable, filter: LogFilter): Promise<LogLine[]> {
  return statements.selectLogLines.all(db, {
    runId: filter.runId,
    afterId: filter.afterId,
    levels: filter.levels,
    stream: filter.stream ?? null,
    q: filter.q ?? null,
    limit: filter.limit,
  });
}

/** Lines of a run by level. */
export async function countLogLines(
  db: Queryable,
  runId: string,
): Promise<{ all: number; warn: number; error: number }> {
  return statements.selectLogCounts.one(db, { runId });
}

/** The id of the newest line of all logs; `0` before the first. */
export async function newestLogLine(db: Queryable): Promise<string> {
  return (await statements.selectNewestLogLine.one(db)).id;
}
