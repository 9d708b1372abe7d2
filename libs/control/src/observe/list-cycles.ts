import type { Queryable } from '@pipeline/postgres';
import type { Cycle } from '@pipeline/protocol/api';
import * as statements from './list-cycles.sql.ts';
import type { After } from './list-runs.ts';

export interface CycleFilter {
  status?: 'live' | 'succeeded' | 'failed' | undefined;
  pipeline?: string | undefined;
  rejected?: boolean | undefined;
  changed?: boolean | undefined;
  byHand?: boolean | undefined;
}

/** Newest first. */
export async function listCycles(
  db: Queryable,
  filter: CycleFilter & { limit: number; after: After | undefined },
): Promise<Cycle[]> {
  return statements.selectCycles.all(db, {
    afterAt: filter.after?.at ?? null,
    afterId: filter.after?.id ?? null,
    status: filter.status ?? null,
    pipeline: filter.pipeline ?? null,
    rejected: filter.rejected ?? false,
    changed: filter.changed ?? false,
    byHand: filter.byHand ?? false,
    limit: filter.limit,
  });
}

/** A cycle as lists show it. Undefined: there is no such cycle. */
export async function readCycle(db: Queryable, id: string): Promise<Cycle | undefined> {
  return statements.selectCycle.first(db, { id });
}

/** The place of a cycle in its list, exact to the microsecond. */
export async function placeOfCycle(db: Queryable, id: string): Promise<After | undefined> {
  return statements.selectCyclePlace.first(db, { id });
}
