import { listDeadLetters } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { RowLimit } from './row-id.ts';

const Query = z.strictObject({
  status: z.enum(['open', 'replayed', 'skipped', 'discarded']).default('open'),
  limit: RowLimit,
});

/** GET /api/dead-letters: newest first, without their bodies. */
export function listDeadLettersRoute(pool: Pool): RequestHandler {
  return async (request, response) => {
    response.json({ deadLetters: await listDeadLetters(pool, Query.parse(request.query)) });
  };
}
