import { resetState } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';
import { type StreamParameters, streamCommand } from './stream-command.ts';

/** DELETE …/state: the next read is the stream's first one again. */
export function resetStateRoute(pool: Pool): RequestHandler<StreamParameters> {
  return async (request, response) => {
    response.json(await resetState(pool, streamCommand(request)));
  };
}
