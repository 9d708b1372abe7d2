import type { Queryable, RowOf } from '@pipeline/postgres';
import type { RunItem } from '@pipeline/protocol/api';
import * as statements from './list-runs.sql.ts';

/** Where a list goes on: after this row. */
export interface After {
  at: string;
  id: string;
}

/** Newest first. */
export async function listRuns(
  db: Queryable,
  filter: { status?: string | undefined; pipeline?: string | undefined; limit: number; after: After | undefined },
): Promise<RunItem[]> {
  return statements.selectRuns.all(db, {
    status: filter.status ?? null,
    pipeline: filter.pipeline ?? null,
    afterAt: filter.after?.at ?? null,
    afterId: filter.after?.id ?? null,
    limit: filter.limit,
  });
}

/** The place of a run in its list, exact to the microsecond. */
export async function placeOfRun(db: Queryable, id: string): Promise<After | undefined> {
  return statements.selectRunPlace.first(db, { id });
}

/** A run as lists show it. Undefined: there is no such run. */
export async function readRunItem(db: Queryable, id: string): Promise<RunItem | undefined> {
  return statements.selectRun.first(db, { id });
}

export type RunFacts = RowOf<typeof statements.selectRunFacts>;

/** What the page of one run shows beside its row in the list. */
export async function readRunFacts(db: Queryable, id: string): Promise<RunFacts | undefined> {
  return statements.selectRunFacts.first(db, { id });
}

export type TaskProblem = RowOf<typeof statements.selectTaskProblems>;

/** Streams of a run that failed or were not read to their end, with what is in their tables. */
export async function listTaskProblems(db: Queryable, runId: string): Promise<TaskProblem[]> {
  return statements.selectTaskProblems.all(db, { runId });
}
