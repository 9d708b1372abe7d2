import { pipelineName, sourceOfPipeline } from '@pipeline/contracts';
import { listPipelines, recordAudit, requestRun } from '@pipeline/control';
import { inTransaction, type Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';
import { z } from 'zod';

const Body = z
  .strictObject({
    /** Read every stream from its beginning, which also finds rows that vanished without a trace. */
    fullRead: z.boolean().default(false),
    /** Believe it when most rows of a stream are missing from the source. */
    massDeletes: z.boolean().default(false),
  })
  .prefault({});

/** POST /api/pipelines/:name/runs: asks for a run as soon as no cycle is live. */
export function requestRunRoute(deps: { pool: Pool; wake: () => void }): RequestHandler<{ name: string }> {
  return async (request, response) => {
    const body = Body.safeParse(request.body ?? {});
    if (!body.success) {
      response.status(400).json({ error: z.prettifyError(body.error) });
      return;
    }
    const name = pipelineName(sourceOfPipeline(request.params.name));
    const isKnown = await inTransaction(deps.pool, async (client) => {
      const found = await requestRun(client, name, body.data);
      if (found) await recordAudit(client, { actor: 'api', action: 'request-run', target: name, details: body.data });
      return found;
    });
    if (!isKnown) {
      const known = (await listPipelines(deps.pool)).map((pipeline) => pipeline.name);
      response.status(404).json({ error: `no pipeline ${name}`, pipelines: known });
      return;
    }
    deps.wake();
    response.status(202).json({ pipeline: name, requested: true });
  };
}
