import { type Logger, PipelineError } from '@pipeline/protocol';
import type { Authenticator } from '../auth/authenticator.ts';
import type { HttpFailure, HttpPolicy, HttpRequest, HttpResponse } from '../http-policy.ts';
import { countersOf, levelsOf } from './counters.ts';
import { failureError, failureOf } from './failure.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { sendWithRedirects } from './redirect.ts';
import { correlationOf, jsonBody } from './response-json.ts';
import { WAIT_MAX_MS } from './retry.ts';
import type { Timing } from './timing.ts';
import type { Transport, TransportResponse } from './transport.ts';

export interface HttpClientDeps {
  transport: Transport;
  auth: Authenticator;
  limiter: RateLimiter;
  timing: Timing;
  logger: Logger;
  /** Where the account lives, and whose limits count, as far as `connect` has said so. */
  baseUrl?: string | undefined;
  account?: string | undefined;
  /** Told of every response, for metrics. */
  onResponse?: (metric: ResponseMetric) => void;
  /** Told of every wait for a limit, as it begins. */
  onWait?: (wait: LimitWait) => void;
  /** Ends waits and keeps new requests from starting; a request in flight may finish. */
  stop: AbortSignal;
  /** Cuts the request in flight. */
  abort: AbortSignal;
}

/** What people call a pause that the source asked for. */
const PAUSE = 'pause';

export interface LimitWait {
  /** The limit's name. */
  limit: string;
  ms: number;
}

export interface ResponseMetric {
  method: string;
  path: string;
  status: number;
  durationMs: number;
  /** Of the body, as they came over the network. */
  bytes: number;
  /** Whose limits the request counted in. */
  account: string | undefined;
}

interface Sending {
  request: HttpRequest;
  url: URL;
  method: 'GET' | 'POST';
  /** Below the policy's `baseUrl`. */
  path: string;
  authorization: string;
}

export type Try =
  | { response: HttpResponse }
  | { failure: HttpFailure; seen?: { status: number; correlation: Record<string, string> }; cause?: unknown };

/** Sends the request once, when the limits allow it. What another try may mend comes back, everything else is thrown. */
export async function tryRequest(policy: HttpPolicy, deps: HttpClientDeps, sending: Sending): Promise<Try> {
  const { method, path, request, url } = sending;
  const headers = headersOf(policy, sending);
  await waitForTurn(policy, deps, { method, path, headers });
  const { concurrencyMax } = policy;
  const leave =
    concurrencyMax === undefined ? undefined : await deps.limiter.enter(concurrencyMax, deps.stop, deps.account);
  try {
    deps.stop.throwIfAborted();
    const startedAt = deps.timing.now();
    const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
    const sent = { method, url, headers, ...body, signal: deps.abort };
    const response = await sendWithRedirects(deps.transport, policy, sent);
    const { status, bytes = 0 } = response;
    const account = countersOf(policy, { method, path, headers }, deps.account)[0]?.account ?? deps.account;
    deps.onResponse?.({ method, path, status, durationMs: deps.timing.now() - startedAt, bytes, account });
    const levels = levelsOf(policy, { method, path, headers }, deps.account, response);
    if (levels.length > 0) await deps.limiter.follow(levels);
    return meaningOf(policy, response, sending, deps.timing.now());
  } catch (cause) {
    if (!(cause instanceof PipelineError) || deps.stop.aborted || deps.abort.aborted) throw cause;
    const { code, recovery, message } = cause;
    if (recovery === 'retry') return { failure: { code, recovery, message }, cause };
    throw failureError({ code, recovery, message }, { method, path, tries: 1 }, undefined, cause);
  } finally {
    await leave?.();
  }
}

async function waitForTurn(
  policy: HttpPolicy,
  deps: HttpClientDeps,
  request: { method: string; path: string; headers: Record<string, string> },
): Promise<void> {
  const { waitMs, limit } = await deps.limiter.reserve(countersOf(policy, request, deps.account), deps.account);
  if (waitMs > WAIT_MAX_MS) {
    const message = `the source's limit is used up for another ${Math.ceil(waitMs / 60_000)} minutes: the read ends here and a later run goes on`;
    throw failureError(
      { code: 'SOURCE_LIMIT_REACHED', recovery: 'fail', message, stopsRun: true },
      { method: request.method, path: request.path, tries: 0 },
    );
  }
  if (waitMs <= 0) return;
  deps.onWait?.({ limit: limit ?? PAUSE, ms: waitMs });
  await deps.timing.sleep(waitMs, deps.stop);
}

function headersOf(policy: HttpPolicy, { request, authorization }: Sending): Record<string, string> {
  return {
    accept: 'application/json',
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...policy.headers,
    ...request.headers,
    authorization,
  };
}

function meaningOf(policy: HttpPolicy, raw: TransportResponse, { method, path }: Sending, now: number): Try {
  const { status, headers, bytes = 0 } = raw;
  const hasNoBody = status === 204 || status === 304;
  const response = { status, headers, json: hasNoBody ? undefined : jsonBody(raw.text), bytes, method, path };
  const isSuccess = status >= 200 && status < 300;
  if (hasNoBody || (isSuccess && response.json !== undefined)) return { response };
  const seen = { status, correlation: correlationOf(policy, raw) };
  return { failure: isSuccess ? NOT_JSON : failureOf(policy, response, now), seen };
}

/** A proxy's page, or a body that was cut without anybody noticing. */
const NOT_JSON: HttpFailure = {
  code: 'SOURCE_MALFORMED_RESPONSE',
  recovery: 'retry',
  message: 'the response of the source is not JSON',
};
