import { pipelineName, sourceOfPipeline } from '@pipeline/contracts';
import { listRejected } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { RowLimit } from './row-id.ts';

const Query = z.strictObject({
  status: z.enum(['open', 'replaying', 'replayed', 'discarded']).default('open'),
  pipeline: z
    .string()
    .transform((name) => pipelineName(sourceOfPipeline(name)))
    .nullable()
    .default(null),
  stream: z.string().nullable().default(null),
  limit: RowLimit,
});

/** GET /api/rejected-records: newest first, with the reason and without their values. */
export function listRejectedRoute(pool: Pool): RequestHandler {
  return async (request, response) => {
    response.json({ rejectedRecords: await listRejected(pool, Query.parse(request.query)) });
  };
}
