import { type Logger, PipelineError } from '@pipeline/contracts';
import { backoffMs } from '../http/retry.ts';
import type { Timing } from '../http/timing.ts';

const TOKEN_TRIES_MAX = 5;

export interface TokenRetryDeps {
  timing: Timing;
  logger: Logger;
  /** Shutdown of the process: ends the waits between tries. */
  stop: AbortSignal;
}

/** Repeats what gets a token while the token endpoint is unavailable, within bounds. */
export async function withTokenRetries<T>(deps: TokenRetryDeps, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const isPassing = error instanceof PipelineError && error.recovery === 'retry';
      if (!isPassing || tries >= TOKEN_TRIES_MAX) throw error;
      deps.logger.debug({ code: error.code, tries }, error.message);
      await deps.timing.sleep(backoffMs(tries, deps.timing.random), deps.stop);
    }
  }
}
