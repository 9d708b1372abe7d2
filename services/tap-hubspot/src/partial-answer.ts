import { PipelineError } from '@pipeline/contracts';
import type { Json, JsonObject } from '@pipeline/singer';
import type { HttpClient } from '@pipeline/tap-kit';
import { type ZodType, z } from 'zod';
import { parseAnswer } from './answer.ts';

/** Tries of a batch of which HubSpot could read only a part. */
const TRIES_MAX = 3;

/** What a batch (207) says of the inputs that it could not read. */
const Errors = z.object({ errors: z.array(z.object({ category: z.string().optional() })).default([]) });

/** Reads a batch. Inputs that do not exist or have nothing are simply not among the results; any other failure of a single input is tried
 *  again with the batch, because to pass it over would look like a deletion.
 *  @throws PipelineError `SOURCE_PARTIAL_ANSWER` once the tries are used up. */
export async function readBatch<Answer>(
  http: HttpClient,
  schema: ZodType<Answer>,
  request: { path: string; query?: Record<string, boolean>; body: JsonObject },
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await http.json({ method: 'POST', ...request });
    if (!hasFailures(answer, request.path)) return parseAnswer(schema, answer, request.path);
    if (tries >= TRIES_MAX) throw partialAnswer(request.path);
  }
}

function hasFailures(answer: Json, path: string): boolean {
  return parseAnswer(Errors, answer, path).errors.some(({ category }) => category !== 'OBJECT_NOT_FOUND');
}

function partialAnswer(path: string): PipelineError {
  return new PipelineError({
    code: 'SOURCE_PARTIAL_ANSWER',
    recovery: 'retry',
    message: `HubSpot could not read some of the objects asked for at ${path}, ${TRIES_MAX} times in a row`,
    context: { path },
  });
}
