import { backfillStream } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { type StreamParameters, streamCommand } from './stream-command.ts';

const Body = z.strictObject({
  /** A day, or an instant with its offset: 2026-01-31, 2026-01-31T08:00:00Z. */
  from: z.union([z.iso.date(), z.iso.datetime({ offset: true })]).transform((text) => new Date(text).toISOString()),
});

/** POST …/backfill: reads again what changed since a date. */
export function backfillStreamRoute(deps: { pool: Pool; wake: () => void }): RequestHandler<StreamParameters> {
  return async (request, response) => {
    const { from } = Body.parse(request.body ?? {});
    const change = await backfillStream(deps.pool, streamCommand(request), from);
    deps.wake();
    response.status(202).json({ from, ...change });
  };
}
