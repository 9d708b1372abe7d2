import { backoffMs } from '@pipeline/resilience';
import type { HttpClient, HttpFailure, HttpPolicy, HttpRequest, HttpResponse } from '../http-policy.ts';
import { allowedAddress, pathBelow, policyAt } from './allowed-address.ts';
import { failureError } from './failure.ts';
import { type HttpClientDeps, type Try, tryRequest } from './http-try.ts';
import { REQUEST_BACKOFF, REQUEST_TRIES_MAX, WAIT_MAX_MS } from './retry.ts';

/** The client of one task or check: within the limits of the source, with its credentials, patient within bounds. */
export function createHttpClient(policy: HttpPolicy, deps: HttpClientDeps): HttpClient {
  const response = (request: HttpRequest) => send(policy, deps, request);
  return { response, json: async (request) => (await response(request)).json ?? null };
}

async function send(policy: HttpPolicy, deps: HttpClientDeps, request: HttpRequest): Promise<HttpResponse> {
  const triesMax = request.triesMax ?? REQUEST_TRIES_MAX;
  let renewed = false;
  for (let tries = 1; ; tries += 1) {
    const authorization = await deps.auth.authorization();
    const home = policyAt(policy, deps.baseUrl ?? deps.auth.baseUrl?.());
    const url = addressOf(home, request);
    const about = { method: request.method ?? 'GET', path: pathBelow(home, url) };
    const outcome = await tryRequest(home, deps, { request, url, authorization, ...about });
    if ('response' in outcome) return outcome.response;
    if (isTokenRefused(outcome) && !renewed && (await deps.auth.renew(authorization))) {
      renewed = true;
      continue;
    }
    await waitBeforeRetry(deps, outcome, { ...about, tries, triesMax });
  }
}

/** A missing scope is told with 401 too, by some sources. Another token would have the same scopes. */
function isTokenRefused({ failure, seen }: Extract<Try, { failure: HttpFailure }>): boolean {
  return seen?.status === 401 && failure.code !== 'SOURCE_FORBIDDEN';
}

/** Waits before the next try. @throws PipelineError when there is none. */
async function waitBeforeRetry(
  deps: HttpClientDeps,
  { failure, seen, cause }: Extract<Try, { failure: HttpFailure }>,
  about: { method: string; path: string; tries: number; triesMax: number },
): Promise<void> {
  const askedMs = failure.retryAfterMs ?? 0;
  const isOver = failure.recovery !== 'retry' || failure.stopsRun === true || about.tries >= about.triesMax;
  const stopsRun = failure.stopsRun === true || (failure.recovery === 'retry' && askedMs > WAIT_MAX_MS);
  const error = failureError({ ...failure, stopsRun }, about, seen, cause);
  if (isOver || stopsRun) throw error;
  deps.logger.debug({ ...error.context, code: error.code, askedMs }, error.message);
  if (seen?.status === 429) deps.limiter.slowDown();
  if (askedMs > 0) await deps.limiter.pause(askedMs, deps.account);
  await deps.timing.sleep(backoffMs(about.tries, REQUEST_BACKOFF, deps.timing.random), deps.stop);
}

function addressOf(policy: HttpPolicy, request: HttpRequest): URL {
  const url = allowedAddress(policy, request.path);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value === undefined) continue;
    url.searchParams.delete(name);
    for (const item of typeof value === 'object' ? value : [value]) url.searchParams.append(name, String(item));
  }
  return url;
}
