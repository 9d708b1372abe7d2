import { refreshStream } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { type StreamParameters, streamCommand } from './stream-command.ts';

const Body = z
  .strictObject({
    /** Believe it when most rows of the stream are missing from the source. */
    massDeletes: z.boolean().default(false),
  })
  .prefault({});

/** POST …/refresh: reads the whole stream again. */
export function refreshStreamRoute(deps: { pool: Pool; wake: () => void }): RequestHandler<StreamParameters> {
  return async (request, response) => {
    const body = Body.parse(request.body ?? {});
    const change = await refreshStream(deps.pool, streamCommand(request), body);
    deps.wake();
    response.status(202).json(change);
  };
}
