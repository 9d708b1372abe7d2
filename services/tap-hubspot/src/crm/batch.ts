import { PipelineError } from '@pipeline/protocol';
import type { Json, JsonObject } from '@pipeline/singer';
import type { HttpClient } from '@pipeline/tap-kit';
import { type ZodType, z } from 'zod';
import { parseResponse } from '../reading/response.ts';

/** Tries of a batch that can be cut in two. */
const TRIES_OF_MANY = 3;
/** Tries of an input that is on its own. */
const TRIES_OF_ONE = 4;
/** Inputs of one batch that may fail on their own. When more do, not the inputs are at fault. */
const FAILED_MAX = 10;
/** Inputs of one batch that may be refused, which costs no waits: objects that were deleted a moment ago. */
const REFUSED_MAX = 100;

export interface BatchInput {
  id: string;
  after?: string;
}

export interface BatchRequest {
  path: string;
  query?: Record<string, boolean>;
  /** What stands in the body beside the inputs. */
  body?: JsonObject;
}

/** An input that fails whenever it is asked for. */
export interface Faulty {
  id: string;
  error: PipelineError;
}

export interface BatchRead<Response> {
  responses: Response[];
  faulty: Faulty[];
}

/** What a batch (207) says of the inputs that it could not read. */
const Errors = z.object({ errors: z.array(z.object({ category: z.string().nullish() })).nullish() });

/** Reads a batch. Inputs that do not exist or have nothing are simply not among the results. A batch that fails otherwise is cut in two until
 *  the faulty input stands alone: the others arrive.
 *  @throws PipelineError when no request can succeed: credentials, scopes, limits, an unknown type, or the source is down. */
export async function readBatch<Response>(
  http: HttpClient,
  schema: ZodType<Response>,
  request: BatchRequest,
  inputs: readonly BatchInput[],
): Promise<BatchRead<Response>> {
  const read: BatchRead<Response> = { responses: [], faulty: [] };
  let pending = [inputs];
  while (pending.length > 0) {
    const [part = [], ...rest] = pending;
    pending = rest;
    if (part.length === 0) continue;
    try {
      read.responses.push(await readPart(http, schema, request, part));
    } catch (error) {
      if (!isOfInputs(error)) throw error;
      const [only] = part;
      if (part.length === 1 && only !== undefined) {
        read.faulty.push({ id: only.id, error });
        if (isTooMuch(read.faulty)) throw error;
      } else {
        const half = Math.ceil(part.length / 2);
        pending = [part.slice(0, half), part.slice(half), ...pending];
      }
    }
  }
  return read;
}

async function readPart<Response>(
  http: HttpClient,
  schema: ZodType<Response>,
  { path, query, body }: BatchRequest,
  inputs: readonly BatchInput[],
): Promise<Response> {
  const triesMax = inputs.length === 1 ? TRIES_OF_ONE : TRIES_OF_MANY;
  const whole = { ...body, inputs: inputs.map((input) => ({ ...input })) };
  for (let tries = 1; ; tries += 1) {
    const json = await http.json({ method: 'POST', path, ...(query && { query }), body: whole, triesMax });
    if (!hasFailures(json, path)) return parseResponse(schema, json, path);
    if (tries >= triesMax) throw partial(path);
  }
}

/** To pass an input over that failed would look like a deletion. */
function hasFailures(json: Json, path: string): boolean {
  const { errors } = parseResponse(Errors, json, path);
  return (errors ?? []).some(({ category }) => category !== 'OBJECT_NOT_FOUND');
}

function partial(path: string): PipelineError {
  return new PipelineError({
    code: 'SOURCE_PARTIAL_RESPONSE',
    recovery: 'retry',
    message: `HubSpot could not read some of the objects asked for at ${path}, time after time`,
    context: { path },
  });
}

function isTooMuch(faulty: readonly Faulty[]): boolean {
  const failed = faulty.filter(({ error }) => error.recovery === 'retry').length;
  return failed > FAILED_MAX || faulty.length > REFUSED_MAX;
}

/** Whether other inputs may succeed. */
function isOfInputs(error: unknown): error is PipelineError {
  if (!(error instanceof PipelineError) || error.context['stopsRun'] === true) return false;
  if (error.context['status'] === 404 || error.code === 'INTERRUPTED') return false;
  return error.recovery === 'retry' || error.recovery === 'fail';
}
