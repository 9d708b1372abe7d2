import type { Json } from '@pipeline/singer';
import type { HttpClient, HttpFailure, HttpPolicy, HttpRequest } from '../http-policy.ts';
import { allowedAddress, pathBelow } from './allowed-address.ts';
import { failureError } from './failure.ts';
import { type HttpClientDeps, type Try, tryRequest } from './http-try.ts';
import { backoffMs, REQUEST_TRIES_MAX, WAIT_MAX_MS } from './retry.ts';

/** The client of one task or check: within the limits of the source, with its credentials, patient within bounds. */
export function createHttpClient(policy: HttpPolicy, deps: HttpClientDeps): HttpClient {
  return { json: (request) => jsonOf(policy, deps, request) };
}

async function jsonOf(policy: HttpPolicy, deps: HttpClientDeps, request: HttpRequest): Promise<Json> {
  const url = addressOf(policy, request);
  const about = { method: request.method ?? 'GET', path: pathBelow(policy, url) };
  let renewed = false;
  for (let tries = 1; ; tries += 1) {
    const authorization = await deps.auth.authorization();
    const outcome = await tryRequest(policy, deps, { request, url, authorization, ...about });
    if ('json' in outcome) return outcome.json;
    if (outcome.answer?.status === 401 && !renewed && (await deps.auth.renew(authorization))) {
      renewed = true;
      continue;
    }
    await waitBeforeRetry(deps, outcome, { ...about, tries });
  }
}

/** Waits before the next try. @throws PipelineError when there is none. */
async function waitBeforeRetry(
  deps: HttpClientDeps,
  { failure, answer, cause }: Extract<Try, { failure: HttpFailure }>,
  about: { method: string; path: string; tries: number },
): Promise<void> {
  const askedMs = failure.retryAfterMs ?? 0;
  const isOver = failure.recovery !== 'retry' || failure.stopsRun === true || about.tries >= REQUEST_TRIES_MAX;
  const stopsRun = failure.stopsRun === true || (failure.recovery === 'retry' && askedMs > WAIT_MAX_MS);
  const error = failureError({ ...failure, stopsRun }, about, answer, cause);
  if (isOver || stopsRun) throw error;
  deps.logger.debug({ ...error.context, code: error.code, askedMs }, error.message);
  if (askedMs > 0) await deps.limiter.pause(askedMs);
  await deps.timing.sleep(backoffMs(about.tries, deps.timing.random), deps.stop);
}

function addressOf(policy: HttpPolicy, request: HttpRequest): URL {
  const url = allowedAddress(policy, request.path);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}
