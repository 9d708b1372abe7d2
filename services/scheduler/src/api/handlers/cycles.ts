import { listCycles, placeOfCycle, readCycle, refusal } from '@pipeline/control';
import type { ApiDeps } from '../deps.ts';
import { fromCursor, toCursor, toPage, UUID } from '../http/cursor.ts';
import type { Handlers } from '../http/handler.ts';
import { fullName } from './names.ts';

/** Cycles with their runs. */
export function cycleHandlers({ pool }: Pick<ApiDeps, 'pool'>): Handlers<'listCycles' | 'getCycle'> {
  return {
    listCycles: async ({ query }) => {
      const { limit, cursor, pipeline, ...filter } = query;
      const id = fromCursor(cursor, [UUID])?.[0];
      const after = id === undefined ? undefined : await placeOfCycle(pool, id);
      const name = pipeline === undefined ? undefined : fullName(pipeline);
      const rows = await listCycles(pool, { ...filter, pipeline: name, limit: limit + 1, after });
      return toPage(rows, limit, (row) => toCursor(row.id));
    },
    getCycle: async ({ params }) => {
      const cycle = await readCycle(pool, params.id);
      if (cycle === undefined) throw refusal('UNKNOWN_CYCLE', `there is no cycle ${params.id}`);
      return cycle;
    },
  };
}
