import { cancelRun } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { ACTOR } from './stream-command.ts';

const Parameters = z.object({ id: z.uuid() });

/** POST /api/runs/:id/cancel: ends a run. */
export function cancelRunRoute(deps: { pool: Pool; wake: () => void }): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const { id } = Parameters.parse(request.params);
    const tasks = await cancelRun(deps.pool, { runId: id, actor: ACTOR });
    deps.wake();
    response.json({ run: id, cancelledTasks: tasks });
  };
}
