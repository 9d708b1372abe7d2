import { skipDeadLetter } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';
import { RowParameters } from './row-id.ts';
import { ACTOR } from './stream-command.ts';

/** POST /api/dead-letters/:id/skip: gives its rows up, so that the run can end. */
export function skipDeadLetterRoute(pool: Pool): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const { id } = RowParameters.parse(request.params);
    const { rows } = await skipDeadLetter(pool, { id, actor: ACTOR });
    response.json({ id, rowsGivenUp: rows });
  };
}
