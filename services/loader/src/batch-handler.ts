import type { Settlement } from '@pipeline/broker';
import { failTask, noteDeliveryError } from '@pipeline/control';
import { failureOf, type Pool } from '@pipeline/postgres';
import { failpoint, history } from '@pipeline/probe';
import {
  batchesQueue,
  batchMessageId,
  type Failure,
  failureKind,
  type Logger,
  PipelineError,
  type RejectionLimits,
} from '@pipeline/protocol';
import { type Backoff, backoffMs, pause } from '@pipeline/resilience';
import { noTracing, type Span, type Tracing } from '@pipeline/service';
import type { Warehouse } from '@pipeline/warehouse';
import { type Batch, type BatchDelivery, openBatch } from './batch.ts';
import { startBatchSpan } from './batch-span.ts';
import type { Finaliser } from './finaliser.ts';
import { type LoadResult, loadBatch } from './load-batch.ts';
import type { LoaderMetrics } from './metrics.ts';
import { concernsStream } from './stream-failure.ts';
import type { StreamTargets } from './stream-targets.ts';
import { createWaiting, type Waiting } from './waiting.ts';

export interface BatchHandlerDeps {
  pool: Pool;
  warehouse: Warehouse;
  /** @default a schema named as the source */
  targets?: StreamTargets;
  finaliser: Finaliser;
  metrics: LoaderMetrics;
  logger: Logger;
  /** @default nothing is traced */
  tracing?: Tracing;
  limits: RejectionLimits;
  signal: AbortSignal;
  /** Counts an error that nobody expected. */
  onDefect: () => void;
  /** Factor on the longest waits of `FAILURES`. @default 1 - a test has no minutes to wait. */
  patience?: number;
}

interface LoadDeps extends BatchHandlerDeps {
  span: Span;
}

const BACKOFF: Backoff = { firstMs: 300, maxMs: 5_000 };
/** Errors that are neither the database's nor the record's are tried this often before the batch is a dead letter, or its stream fails. */
const UNKNOWN_ERRORS_MAX = 3;

/** The loader's consumer: opens a batch, loads it, says what became of the delivery, and only after that wakes the finaliser. What becomes of a
 *  batch that cannot be loaded stands in `FAILURES`: it is held unacked and tried again, its stream fails, or it is a dead letter. */
export function createBatchHandler(deps: BatchHandlerDeps): (delivery: BatchDelivery) => Promise<Settlement> {
  const waiting = createWaiting(deps);
  return async (delivery) => {
    const batch = await open(deps, delivery);
    if (batch === undefined) return 'dead-letter';
    const startedAt = performance.now();
    const span = startBatchSpan(deps.tracing ?? noTracing, delivery.traceparent, batch);
    const settlement = await load({ ...deps, span }, batch, waiting).finally(() => span.end());
    deps.metrics.batchSeconds.observe({ source: batch.headers.source }, (performance.now() - startedAt) / 1000);
    await waiting.goesOn(batch.headers);
    return settlement;
  };
}

async function open(deps: BatchHandlerDeps, delivery: BatchDelivery): Promise<Batch | undefined> {
  try {
    return await openBatch(delivery);
  } catch (error) {
    deps.metrics.batches.inc({ source: delivery.queue, outcome: 'unreadable' });
    deps.logger.error({ queue: delivery.queue, err: error }, 'a batch goes to the dead letters');
    await keepReason(deps, delivery, failureOf(error));
    return undefined;
  }
}

async function load(deps: LoadDeps, batch: Batch, waiting: Waiting): Promise<Settlement> {
  const startedAt = performance.now();
  let unknownErrors = 0;
  for (let tries = 1; ; tries += 1) {
    try {
      return await loadOnce(deps, batch);
    } catch (error) {
      const failure = failureOf(error);
      const { effect, waitMs = 0 } = failureKind(failure.name);
      if (effect === 'wait') {
        if (deps.signal.aborted) return 'requeue';
        if (performance.now() - startedAt > waitMs * (deps.patience ?? 1))
          return concernsStream(failure) ? fail(deps, batch, error) : 'requeue';
        await waiting.waits(batch.headers, failure);
      } else {
        const isNamed = error instanceof PipelineError && error.recovery !== 'retry';
        if (effect === 'defect') deps.onDefect();
        unknownErrors += 1;
        if (isNamed || unknownErrors >= UNKNOWN_ERRORS_MAX) {
          return effect === 'fail-stream' ? fail(deps, batch, error) : deadLetter(deps, batch, error);
        }
        if (deps.signal.aborted) return 'requeue';
        const level = effect === 'defect' ? 'error' : 'warn';
        deps.logger[level]({ ...subject(batch), err: error, tries }, 'a batch could not be loaded and is tried again');
      }
    }
    await pause(backoffMs(tries, BACKOFF), deps.signal);
  }
}

async function loadOnce(deps: LoadDeps, batch: Batch): Promise<Settlement> {
  const result = await loadBatch(deps, batch);
  report(deps, batch, result);
  if ('tooManyRejected' in result && result.tooManyRejected !== undefined) {
    await failTask(deps.pool, batch.headers.epoch, {
      error: result.tooManyRejected,
      code: 'TOO_MANY_REJECTED',
      retry: false,
    });
  }
  // The ack goes out first: the finaliser's work must not delay it.
  setImmediate(() => {
    failpoint('loader.after_ack_before_finalise');
    deps.finaliser.wake(batch.headers.epoch);
  });
  return 'ack';
}

/** The stream cannot go on as it is. Its task fails at once; batches that follow meet the fence. */
async function fail(deps: LoadDeps, batch: Batch, error: unknown): Promise<Settlement> {
  const { source, stream, epoch } = batch.headers;
  const { code, text } = failureOf(error);
  const reason = text.startsWith(`${source}.${stream}`) ? text : `${source}.${stream}: ${text}`;
  deps.span.fail(reason);
  deps.logger.error({ ...subject(batch), code, err: error }, `the stream cannot be loaded: ${reason}`);
  await failTask(deps.pool, epoch, { error: reason, code, retry: false });
  history('refuse', batch.headers);
  deps.metrics.batches.inc({ source, outcome: 'refused' });
  return 'ack';
}

async function deadLetter(deps: LoadDeps, batch: Batch, error: unknown): Promise<Settlement> {
  const { source } = batch.headers;
  deps.span.fail(failureOf(error).text);
  deps.metrics.batches.inc({ source, outcome: 'dead-lettered' });
  deps.logger.error({ ...subject(batch), err: error }, 'a batch goes to the dead letters');
  await keepReason(deps, { queue: batchesQueue(source), messageId: batchMessageId(batch.headers) }, failureOf(error));
  return 'dead-letter';
}

/** A nack carries no words. Without the reason the dead letter is archived all the same. */
async function keepReason(
  { pool, logger }: BatchHandlerDeps,
  { queue, messageId }: Pick<BatchDelivery, 'queue' | 'messageId'>,
  { code, text }: Failure,
): Promise<void> {
  if (messageId === undefined) return;
  await noteDeliveryError(pool, { queue, messageId, code, reason: text }).catch((err: unknown) => {
    logger.warn({ err, queue, messageId }, 'the reason of a dead letter could not be kept');
  });
}

function report(deps: LoadDeps, batch: Batch, result: LoadResult): void {
  const { source, stream } = batch.headers;
  deps.span.set({ 'pipeline.outcome': result.outcome });
  deps.metrics.batches.inc({ source, outcome: result.outcome });
  if (result.outcome !== 'loaded') return;
  deps.metrics.rows.inc({ source, stream, outcome: 'loaded' }, result.rows);
  deps.span.set({ 'pipeline.rejected': result.rejected });
  deps.metrics.rows.inc({ source, stream, outcome: 'rejected' }, result.rejected);
  if (result.rejected > 0) {
    deps.logger.warn({ ...subject(batch), rejected: result.rejected }, 'records were set aside in rejected_records');
  }
}

function subject(batch: Batch): object {
  const { pipeline, source, run, task, stream, epoch, seq, rows } = batch.headers;
  return { pipeline, system: source, runId: run, task, stream, epoch, seq, rows };
}
