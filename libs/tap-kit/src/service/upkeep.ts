import { errorMessage, type Logger, PipelineError } from '@pipeline/contracts';
import type { AccountCatalog } from '../catalog/account-catalog.ts';
import type { Signals, Source } from '../connection/source.ts';

/** What is due is done this soon, in milliseconds. */
const LOOK_MS = 5_000;
/** A refresh token's life is counted in days: looked at this often, in milliseconds. */
const KEEP_ALIVE_MS = 3_600_000;

/** Looks after a connection while nothing is read: asks for the account's own streams, and uses a refresh token before it dies of disuse. */
export function keepUp<Settings>(options: {
  catalog: AccountCatalog<Settings>;
  source: Source<Settings>;
  signals: Signals;
  logger: Logger;
}): { stop: () => void } {
  const { catalog, source, signals, logger } = options;
  let isBusy = false;
  let keptAliveAt = Number.NEGATIVE_INFINITY;
  const look = async () => {
    if (catalog.isDue(Date.now())) await catalog.refresh(() => source.connect(signals), Date.now());
    if (performance.now() - keptAliveAt < KEEP_ALIVE_MS) return;
    keptAliveAt = performance.now();
    await source.keepAlive();
  };
  const timer = setInterval(async () => {
    if (isBusy || signals.stop.aborted) return;
    isBusy = true;
    await look().catch((error: unknown) => {
      if (signals.stop.aborted) return;
      const fields = error instanceof PipelineError ? { code: error.code } : { err: error };
      logger.warn(fields, `the connection cannot be looked after: ${errorMessage(error)}`);
    });
    isBusy = false;
  }, LOOK_MS);
  return { stop: () => clearInterval(timer) };
}
