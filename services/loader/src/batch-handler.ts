import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage, type Logger, PipelineError } from '@pipeline/contracts';
import { failTask } from '@pipeline/control';
import { isTransient, type Pool } from '@pipeline/postgres';
import { failpoint, history } from '@pipeline/probe';
import type { Warehouse } from '@pipeline/warehouse';
import { type Batch, type BatchDelivery, openBatch } from './batch.ts';
import type { Finaliser } from './finaliser.ts';
import { type LoadLimits, type LoadResult, loadBatch } from './load-batch.ts';
import type { LoaderMetrics } from './metrics.ts';

export interface BatchHandlerDeps {
  pool: Pool;
  warehouse: Warehouse;
  finaliser: Finaliser;
  metrics: LoaderMetrics;
  logger: Logger;
  limits: LoadLimits;
  signal: AbortSignal;
}

/** A delivery is held, unacked, this long while the database is away; then it goes back to the queue once, below RabbitMQ's
 *  consumer time-out of 30 minutes. 20 such returns, more than six hours, come before the dead letters. */
const HOLD_MS_MAX = 20 * 60_000;
const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 5_000;
/** Errors that are neither the database's nor the record's are tried this often before the batch is a dead letter. */
const UNKNOWN_ERRORS_MAX = 3;

/** What the broker is told of a delivery. */
export type Settlement = 'ack' | 'requeue' | 'dead-letter';

/** The loader's consumer: opens a batch, loads it, says what became of the delivery, and only after that wakes the finaliser.
 *
 *  | happens | delivery |
 *  |---|---|
 *  | loaded, known, or fenced | ack |
 *  | the database is away | held, tried again; after {@link HOLD_MS_MAX} or on shutdown: requeue |
 *  | the batch cannot be read; an unknown error {@link UNKNOWN_ERRORS_MAX} times | dead-letter |
 *  | the stream cannot go on (key changed, contract frozen) | the task fails, ack | */
export function createBatchHandler(deps: BatchHandlerDeps): (delivery: BatchDelivery) => Promise<Settlement> {
  return async (delivery) => {
    const batch = await open(deps, delivery);
    if (batch === undefined) return 'dead-letter';
    const startedAt = performance.now();
    const settlement = await load(deps, batch);
    deps.metrics.batchSeconds.observe({ source: batch.headers.source }, (performance.now() - startedAt) / 1000);
    return settlement;
  };
}

async function open(deps: BatchHandlerDeps, delivery: BatchDelivery): Promise<Batch | undefined> {
  try {
    return await openBatch(delivery);
  } catch (error) {
    deps.metrics.batches.inc({ source: delivery.queue, outcome: 'unreadable' });
    deps.logger.error({ queue: delivery.queue, error: errorMessage(error) }, 'a batch goes to the dead letters');
    return undefined;
  }
}

async function load(deps: BatchHandlerDeps, batch: Batch): Promise<Settlement> {
  const giveUpAt = performance.now() + HOLD_MS_MAX;
  let unknownErrors = 0;
  for (let delayMs = RETRY_MS_MIN; ; delayMs = Math.min(delayMs * 2, RETRY_MS_MAX)) {
    try {
      const result = await loadBatch(deps, batch);
      report(deps, batch, result);
      if (result.outcome === 'loaded' && result.tooManyRejected !== undefined) {
        await failTask(deps.pool, batch.headers.epoch, { error: result.tooManyRejected, retry: false });
      }
      // The ack goes out first: the finaliser's work must not delay it.
      setImmediate(() => {
        failpoint('loader.after_ack_before_finalise');
        deps.finaliser.wake(batch.headers.epoch);
      });
      return 'ack';
    } catch (error) {
      if (error instanceof PipelineError && error.recovery !== 'retry') return await refuse(deps, batch, error);
      if (!isTransient(error)) unknownErrors += 1;
      if (unknownErrors >= UNKNOWN_ERRORS_MAX) return deadLetter(deps, batch, error);
      if (deps.signal.aborted || performance.now() > giveUpAt) return 'requeue';
      deps.logger.warn({ ...subject(batch), error: errorMessage(error), delayMs }, 'a batch waits and is tried again');
    }
    await sleep(delayMs * (0.5 + Math.random()), undefined, { signal: deps.signal }).catch(() => undefined);
  }
}

/** The stream cannot go on as it is. Its task fails at once; batches that follow meet the fence. */
async function refuse(deps: BatchHandlerDeps, batch: Batch, error: PipelineError): Promise<Settlement> {
  if (error.code === 'BATCH_CONTENT_CHANGED' || error.code === 'BATCH_INVALID') return deadLetter(deps, batch, error);
  deps.logger.error({ ...subject(batch), code: error.code, error: error.message }, 'the stream cannot be loaded');
  await failTask(deps.pool, batch.headers.epoch, { error, retry: false });
  history('refuse', batch.headers);
  deps.metrics.batches.inc({ source: batch.headers.source, outcome: 'refused' });
  return 'ack';
}

function deadLetter(deps: BatchHandlerDeps, batch: Batch, error: unknown): Settlement {
  deps.metrics.batches.inc({ source: batch.headers.source, outcome: 'dead-lettered' });
  deps.logger.error({ ...subject(batch), error: errorMessage(error) }, 'a batch goes to the dead letters');
  return 'dead-letter';
}

function report(deps: BatchHandlerDeps, batch: Batch, result: LoadResult): void {
  const { source, stream } = batch.headers;
  deps.metrics.batches.inc({ source, outcome: result.outcome });
  if (result.outcome !== 'loaded') return;
  deps.metrics.rows.inc({ source, stream, outcome: 'loaded' }, result.rows);
  deps.metrics.rows.inc({ source, stream, outcome: 'rejected' }, result.rejected);
  if (result.rejected > 0) {
    deps.logger.warn({ ...subject(batch), rejected: result.rejected }, 'records were set aside in rejected_records');
  }
}

function subject(batch: Batch): object {
  const { pipeline, source, run, task, stream, epoch, seq, rows } = batch.headers;
  return { pipeline, system: source, runId: run, task, stream, epoch, seq, rows };
}
