import { PipelineError } from '@pipeline/contracts';
import { readState } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';
import { type StreamParameters, streamCommand } from './stream-command.ts';

/** GET …/state: the stream's bookmark, as PUT takes it. */
export function getStateRoute(pool: Pool): RequestHandler<StreamParameters> {
  return async (request, response) => {
    const { pipeline, stream } = streamCommand(request);
    const state = await readState(pool, pipeline, stream);
    if (state === undefined) {
      throw new PipelineError({
        code: 'UNKNOWN_STATE',
        recovery: 'fail',
        message: `${pipeline} has no bookmark for ${stream}: it was never read, or its state was reset`,
      });
    }
    response.json(state);
  };
}
