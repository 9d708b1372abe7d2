import { PipelineError } from '@pipeline/contracts';
import { readRejected } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';
import { RowParameters } from './row-id.ts';

/** GET /api/rejected-records/:id: one record with its values. */
export function getRejectedRoute(pool: Pool): RequestHandler<{ id: string }> {
  return async (request, response) => {
    const { id } = RowParameters.parse(request.params);
    const rejected = await readRejected(pool, id);
    if (rejected === undefined) {
      throw new PipelineError({
        code: 'UNKNOWN_RECORD',
        recovery: 'fail',
        message: `there is no rejected record ${id}: see /api/rejected-records`,
      });
    }
    response.json(rejected);
  };
}
