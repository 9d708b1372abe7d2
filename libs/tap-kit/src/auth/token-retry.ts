import { type Logger, PipelineError } from '@pipeline/protocol';
import { retry } from '@pipeline/resilience';
import { REQUEST_BACKOFF } from '../http/retry.ts';
import type { Timing } from '../http/timing.ts';

const TOKEN_TRIES_MAX = 5;

export interface TokenRetryDeps {
  timing: Timing;
  logger: Logger;
  /** Shutdown of the process: ends the waits between tries. */
  stop: AbortSignal;
}

/** Repeats what gets a token while the token endpoint is unavailable, within bounds. */
export function withTokenRetries<T>({ timing, logger, stop }: TokenRetryDeps, work: () => Promise<T>): Promise<T> {
  return retry(work, {
    isExpected: (error) => error instanceof PipelineError && error.recovery === 'retry',
    backoff: REQUEST_BACKOFF,
    triesMax: TOKEN_TRIES_MAX,
    signal: stop,
    timing,
    onRetry: (error, tries) => {
      if (error instanceof PipelineError) logger.debug({ code: error.code, tries }, error.message);
    },
  });
}
