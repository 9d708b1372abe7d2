import type { Broker } from '@pipeline/broker';
import {
  discardObsoleteDeadLetters,
  type Finding,
  reapDeadLeases,
  reapLostBatches,
  wakeQueuedTasks,
} from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { batchesQueue, type Logger } from '@pipeline/protocol';
import type { Config } from './config.ts';

/** Finds what has stopped moving and gets it going again: nothing waits for ever, and nothing is put right in silence. */
export async function watch(deps: {
  pool: Pool;
  broker: Pick<Broker, 'queueDepth'>;
  logger: Logger;
  config: Pick<Config, 'STANDSTILL_SECONDS'>;
  /** For how long taps could say that they live: after a start, or after PostgreSQL was away, nobody is missed at once. */
  watchedMs: number;
}): Promise<void> {
  const standstillMs = deps.config.STANDSTILL_SECONDS * 1_000;
  const noTapMs = deps.watchedMs < standstillMs ? undefined : standstillMs;
  const limits = { resendCommandMs: standstillMs, noTapMs, lostBatchesMs: standstillMs };
  const findings: Finding[] = [
    ...(await reapDeadLeases(deps.pool)),
    ...(await reapLostBatches(
      deps.pool,
      async (source) => (await deps.broker.queueDepth(batchesQueue(source))).messages === 0,
      limits,
    )),
    ...(await wakeQueuedTasks(deps.pool, limits)),
  ];
  for (const { pipeline, source, stream, message } of findings) {
    deps.logger.warn({ pipeline, system: source, stream }, message);
  }
  for (const { id, queue, close_reason } of await discardObsoleteDeadLetters(deps.pool)) {
    deps.logger.info({ deadLetter: id, queue }, `a dead letter was discarded: ${close_reason}`);
  }
}
