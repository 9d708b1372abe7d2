import { PipelineError, pipelineName, sourceOfPipeline } from '@pipeline/contracts';
import { operate, setPaused } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { RequestHandler } from 'express';
import { ACTOR } from './stream-command.ts';

/** POST /api/pipelines/:name/pause and …/resume: leaves the pipeline out of the schedule, or takes it in again. */
export function pausePipelineRoute(
  deps: { pool: Pool; wake: () => void },
  paused: boolean,
): RequestHandler<{ name: string }> {
  return async (request, response) => {
    const pipeline = pipelineName(sourceOfPipeline(request.params.name));
    const command = { actor: ACTOR, action: paused ? 'pause' : 'resume', target: pipeline, details: {} };
    await operate(deps.pool, command, async (client) => {
      if (!(await setPaused(client, pipeline, paused))) throw unknown(pipeline);
    });
    deps.wake();
    response.json({ pipeline, paused });
  };
}

function unknown(pipeline: string): PipelineError {
  return new PipelineError({
    code: 'UNKNOWN_PIPELINE',
    recovery: 'fail',
    message: `there is no pipeline ${pipeline}: see /api/status`,
  });
}
