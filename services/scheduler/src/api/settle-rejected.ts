import type { RejectedCommand } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { RowId } from './row-id.ts';
import { ACTOR } from './stream-command.ts';

const IDS_MAX = 1_000;
const Body = z.strictObject({ ids: z.array(RowId).min(1).max(IDS_MAX) });

/** POST /api/rejected-records/replay and …/discard. Answers which records it took and which were not open. */
export function settleRejectedRoute(
  pool: Pool,
  settle: (pool: Pool, command: RejectedCommand) => Promise<string[]>,
): RequestHandler {
  return async (request, response) => {
    const { ids } = Body.parse(request.body ?? {});
    const taken = await settle(pool, { ids, actor: ACTOR });
    response.status(202).json({ taken, notOpen: ids.filter((id) => !taken.includes(id)) });
  };
}
