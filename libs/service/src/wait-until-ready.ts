import { isMistake, type Logger, PipelineError } from '@pipeline/protocol';
import { type Backoff, retry } from '@pipeline/resilience';
import { errorFields } from './error-fields.ts';

export interface WaitOptions {
  logger: Logger;
  /** @default 120_000 - a cold PostgreSQL or RabbitMQ container needs half a minute on a small machine. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 120_000;
const BACKOFF: Backoff = { firstMs: 500, maxMs: 2_000 };

/** Repeats `attempt` until it succeeds, and says so once per reason: a database or broker may start after its users.
 *  @throws PipelineError `NOT_READY` after the time-out; what is the configuration's fault, or the code's, is thrown at once. */
export async function waitUntilReady<T>(name: string, attempt: () => Promise<T>, options: WaitOptions): Promise<T> {
  const { logger, timeoutMs = TIMEOUT_MS } = options;
  const startedAt = performance.now();
  const reasons = new Set<string>();
  const onRetry = (cause: unknown) => {
    const reason = errorFields(cause).message;
    if (!reasons.has(reason)) logger.warn({ timeoutMs }, `waiting for ${name}: ${reason}`);
    reasons.add(reason);
  };
  try {
    const isExpected = (error: unknown) => !isFinal(error);
    const result = await retry(attempt, { isExpected, backoff: BACKOFF, forMs: timeoutMs, onRetry });
    if (reasons.size > 0) logger.info({ waitedMs: Math.round(performance.now() - startedAt) }, `${name} is ready`);
    return result;
  } catch (cause) {
    if (isFinal(cause)) throw cause;
    throw notReady(name, timeoutMs, errorFields(cause).message, cause);
  }
}

/** Waiting does not mend it. */
function isFinal(error: unknown): boolean {
  return isMistake(error) || (error instanceof PipelineError && error.recovery === 'fix-config');
}

function notReady(name: string, timeoutMs: number, reason: string, cause: unknown): PipelineError {
  return new PipelineError({
    code: 'NOT_READY',
    recovery: 'retry',
    message: `${name} did not become ready within ${timeoutMs / 1_000} s: ${reason}`,
    cause,
  });
}
