import { type Logger, PipelineError } from '@pipeline/contracts';
import type { Json } from '@pipeline/singer';
import type { Authenticator } from '../auth/authenticator.ts';
import type { HttpFailure, HttpPolicy, HttpRequest } from '../http-policy.ts';
import type { Exchange, ExchangeAnswer } from './exchange.ts';
import { failureError, failureOf } from './failure.ts';
import { correlationOf, jsonBody } from './http-answer.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { exchangeWithRedirects } from './redirect.ts';
import { WAIT_MAX_MS } from './retry.ts';
import type { Timing } from './timing.ts';

export interface HttpClientDeps {
  exchange: Exchange;
  auth: Authenticator;
  limiter: RateLimiter;
  timing: Timing;
  logger: Logger;
  /** Told of every answer, for metrics. */
  onAnswer?: (metric: AnswerMetric) => void;
  /** Ends waits and keeps new requests from starting; a request in flight may finish. */
  stop: AbortSignal;
  /** Cuts the request in flight. */
  abort: AbortSignal;
}

export interface AnswerMetric {
  method: string;
  path: string;
  status: number;
  durationMs: number;
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
  | { json: Json }
  | { failure: HttpFailure; answer?: { status: number; correlation: Record<string, string> }; cause?: unknown };

/** Sends the request once, when the limits allow it. What another try may mend comes back, everything else is thrown. */
export async function tryRequest(policy: HttpPolicy, deps: HttpClientDeps, sending: Sending): Promise<Try> {
  await waitForTurn(policy, deps, sending);
  const leave =
    policy.concurrencyMax === undefined ? undefined : await deps.limiter.enter(policy.concurrencyMax, deps.stop);
  try {
    deps.stop.throwIfAborted();
    const startedAt = deps.timing.now();
    const answer = await exchangeWithRedirects(deps.exchange, policy, {
      method: sending.method,
      url: sending.url,
      headers: headersOf(policy, sending),
      ...(sending.request.body === undefined ? {} : { body: JSON.stringify(sending.request.body) }),
      signal: deps.abort,
    });
    const durationMs = deps.timing.now() - startedAt;
    deps.onAnswer?.({ method: sending.method, path: sending.path, status: answer.status, durationMs });
    return meaningOf(policy, answer, sending, deps.timing.now());
  } catch (cause) {
    if (!(cause instanceof PipelineError) || cause.recovery !== 'retry') throw cause;
    return { failure: { code: cause.code, recovery: 'retry', message: cause.message }, cause };
  } finally {
    await leave?.();
  }
}

async function waitForTurn(policy: HttpPolicy, deps: HttpClientDeps, { method, path }: Sending): Promise<void> {
  const waitMs = await deps.limiter.reserve(policy.limits.filter((limit) => limit.applies?.({ method, path }) ?? true));
  if (waitMs > WAIT_MAX_MS) {
    const message = `the source's limit is used up for another ${Math.ceil(waitMs / 60_000)} minutes: the read ends here and a later run goes on`;
    throw failureError(
      { code: 'SOURCE_LIMIT_REACHED', recovery: 'fail', message, stopsRun: true },
      { method, path, tries: 0 },
    );
  }
  if (waitMs > 0) await deps.timing.sleep(waitMs, deps.stop);
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

function meaningOf(policy: HttpPolicy, answer: ExchangeAnswer, { method, path }: Sending, now: number): Try {
  if (answer.status === 204 || answer.status === 304) return { json: null };
  const json = jsonBody(answer.text);
  const isSuccess = answer.status >= 200 && answer.status < 300;
  if (isSuccess && json !== undefined) return { json };
  const seen = { status: answer.status, correlation: correlationOf(policy, answer) };
  if (isSuccess) return { failure: NOT_JSON, answer: seen };
  const { status, headers } = answer;
  return { failure: failureOf(policy, { status, headers, json, method, path }, now), answer: seen };
}

/** A proxy's page, or a body that was cut without anybody noticing. */
const NOT_JSON: HttpFailure = {
  code: 'SOURCE_INVALID_ANSWER',
  recovery: 'retry',
  message: 'the answer of the source is not JSON',
};
