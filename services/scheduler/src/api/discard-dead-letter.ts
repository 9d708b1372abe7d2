import { discardDeadLetter } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';
import { RowParameters } from './row-id.ts';
import { ACTOR } from './stream-command.ts';

/** POST /api/dead-letters/:id/discard: closes it. */
export function discardDeadLetterRoute(pool: Pool): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const { id } = RowParameters.parse(request.params);
    await discardDeadLetter(pool, { id, actor: ACTOR });
    response.json({ id, discarded: true });
  };
}
