import { expectedFailure } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import { type Loop, startLoop } from '@pipeline/resilience';
import type { Defects } from '@pipeline/service';
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
  /** Is told when the access ends if it is not used. */
  onAccessEnd: (endsAt: Date) => Promise<void>;
  logger: Logger;
  defects: Defects;
}): Loop {
  const { catalog, source, signals, onAccessEnd, logger, defects } = options;
  let keptAliveAt = Number.NEGATIVE_INFINITY;
  const step = async () => {
    if (signals.stop.aborted) return;
    if (catalog.isDue(Date.now())) await catalog.refresh(() => source.connect(signals), Date.now());
    if (performance.now() - keptAliveAt < KEEP_ALIVE_MS) return;
    keptAliveAt = performance.now();
    await source.keepAlive();
    const endsAt = source.endsAt();
    if (endsAt !== null) await onAccessEnd(endsAt);
  };
  const waiting = 'the connection cannot be looked after';
  return startLoop({
    everyMs: LOOK_MS,
    // Whatever a shutdown ends is no failure.
    step: () => step().catch((error: unknown) => (signals.stop.aborted ? undefined : Promise.reject(error))),
    errors: { logger, waiting, expected: expectedFailure, onDefect: defects('upkeep') },
  });
}
