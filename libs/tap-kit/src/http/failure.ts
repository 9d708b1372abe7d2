import { PipelineError } from '@pipeline/protocol';
import type { HttpFailure, HttpPolicy, HttpResponse } from '../http-policy.ts';
import { retryAfterMs } from './retry.ts';

/** What a response other than 2xx means: what the tap says of it, else the default for its status. A wait that the source
 *  asks for in `Retry-After` holds in either case. */
export function failureOf(policy: HttpPolicy, response: HttpResponse, now: number): HttpFailure {
  const failure = policy.failure?.(response) ?? defaultFailure(response.status);
  const asked = retryAfterMs(response.headers['retry-after'], now);
  if (failure.recovery !== 'retry' || failure.retryAfterMs !== undefined || asked === undefined) return failure;
  return { ...failure, retryAfterMs: asked };
}

function defaultFailure(status: number): HttpFailure {
  if (status === 401) {
    return {
      code: 'SOURCE_UNAUTHORISED',
      recovery: 'fix-config',
      message: 'the source does not accept the credentials (401): check the token or authorise again',
    };
  }
  if (status === 403) {
    return {
      code: 'SOURCE_FORBIDDEN',
      recovery: 'fix-config',
      message: 'the source refuses access (403): grant the scope this stream needs, or take the stream out of `select`',
    };
  }
  if (status === 429) {
    return { code: 'SOURCE_RATE_LIMITED', recovery: 'retry', message: 'the source limits the rate of requests (429)' };
  }
  if (status === 408 || status === 425 || status >= 500) {
    return { code: 'SOURCE_UNAVAILABLE', recovery: 'retry', message: `the source is not available (${status})` };
  }
  return { code: 'SOURCE_REFUSED', recovery: 'fail', message: `the source refuses the request (${status})` };
}

/** The error a reader of the log sees. Query and body stay out of it: they may hold record values. */
export function failureError(
  failure: HttpFailure,
  request: { method: string; path: string; tries: number },
  seen?: { status: number; correlation: Record<string, string> },
  cause?: unknown,
): PipelineError {
  return new PipelineError({
    code: failure.code,
    recovery: failure.recovery,
    message: `${failure.message} [${request.method} ${request.path}]`,
    context: {
      method: request.method,
      path: request.path,
      tries: request.tries,
      ...(seen === undefined ? {} : { status: seen.status, ...seen.correlation }),
      ...(failure.stopsRun === true ? { stopsRun: true } : {}),
    },
    cause,
  });
}

/** The read cannot go on now, yet nothing is wrong: a limit that resets only after hours, or something that the tap declares to be left
 *  out. It ends incomplete, and its checkpoints count. */
export function endsEarly(error: unknown): boolean {
  return error instanceof PipelineError && (error.context['stopsRun'] === true || error.recovery === 'skip');
}
