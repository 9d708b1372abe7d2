import type { Publisher } from '@pipeline/broker';
import { type Claim, failTask, finishExtraction, releaseTask } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import { errorMessage, type Logger, PipelineError } from '@pipeline/protocol';
import type { Defects, Span } from '@pipeline/service';
import { selectedStreams } from '../catalog/selection.ts';
import type { Signals } from '../connection/source.ts';
import type { Stream } from '../declaration.ts';
import { planRead } from '../read/full-read.ts';
import { isInterruption } from '../read/interruption.ts';
import type { ReadEnd } from '../read/read-task.ts';
import { AttemptProgress } from './attempt-progress.ts';
import { BatchSender } from './batch-sender.ts';
import type { Connections } from './connections.ts';
import { extractTask } from './extract-task.ts';
import { isLeaseLost, keepAttempt } from './lease.ts';
import type { LiveConnection } from './live-connection.ts';
import { openTask } from './open-task.ts';
import { withPatience } from './patience.ts';
import { keepNotice, rejectOversized, rejectUnreadable } from './set-aside.ts';

export interface AttemptDeps<Settings> {
  connections: Pick<Connections<Settings>, 'ofPipeline'>;
  pool: Pool;
  publisher: Publisher;
  logger: Logger;
  /** Shutdown of the process, gentle and hard. */
  signals: Signals;
  fullReadIntervalSeconds: number;
  leaseMs: number;
  defects: Defects;
  onRows: (stream: string, rows: number) => void;
  /** Tells of the attempt to who listens. */
  span: Span;
}

/** What an attempt that ended before its read says of it: its rows and its bookmark stay as they are. */
const NOTHING_READ = { complete: false, deletes: new Map(), incomplete: new Map() };

/** One attempt of a claimed task, from the first request to the final batch. It ends the task whatever happens and never throws:
 *  what it cannot say to the database, the lease says by running out. */
export async function runAttempt<Settings>(claim: Claim, deps: AttemptDeps<Settings>): Promise<void> {
  const { pool, epoch, logger } = { ...deps, epoch: claim.epoch, logger: attemptLogger(claim, deps.logger) };
  const cut = new AbortController();
  const { leaseMs } = deps;
  const onDefect = deps.defects('extraction');
  const lease = keepAttempt({
    ...{ pool, epoch, logger, leaseMs },
    lost: (reason) => cut.abort(reason),
    onDefect: deps.defects('lease'),
  });
  const signals = { stop: deps.signals.stop, abort: AbortSignal.any([deps.signals.abort, cut.signal]) };
  try {
    await extractClaimed(claim, { ...deps, logger, signals });
    await withPatience(() => finishExtraction(pool, epoch), { ...deps, logger, signal: signals.abort });
  } catch (error) {
    await endFailed(claim, error, { ...deps, logger, onDefect }).catch((err: unknown) => {
      logger.error({ err }, 'the task could not be ended: its lease runs out and it is tried again');
    });
  } finally {
    lease.release();
    // Ends whatever is still on its way: requests, publishes.
    cut.abort(new PipelineError({ code: 'ATTEMPT_OVER', recovery: 'fail', message: 'the attempt is over' }));
  }
}

function attemptLogger({ pipeline, runId, stream, epoch }: Claim, logger: Logger): Logger {
  return logger.child({ pipeline, runId, stream, epoch });
}

async function extractClaimed<Settings>(claim: Claim, deps: AttemptDeps<Settings>): Promise<void> {
  const connection = await deps.connections.ofPipeline(claim.pipeline);
  const leave = connection.enter();
  try {
    await extractFrom(connection, claim, deps);
  } finally {
    leave();
  }
}

async function extractFrom<Settings>(
  connection: LiveConnection<Settings>,
  claim: Claim,
  deps: AttemptDeps<Settings>,
): Promise<void> {
  const watch = new AttemptProgress({ ...deps, epoch: claim.epoch });
  try {
    await extractWatched(connection, claim, { ...deps, watch });
  } finally {
    deps.span.set(watch.figures());
    await watch.stop();
  }
}

async function extractWatched<Settings>(
  { source, catalog }: LiveConnection<Settings>,
  claim: Claim,
  { watch, ...deps }: AttemptDeps<Settings> & { watch: AttemptProgress },
): Promise<void> {
  const { logger, pool, signals } = deps;
  const startedAt = performance.now();
  const { selection } = catalog;
  const asideDeps = { claim, pool, logger, signal: signals.abort };
  const senderOf = (stream: Stream<Settings>) =>
    new BatchSender(claim, selectedStreams(stream, selection), {
      publisher: deps.publisher,
      traceparent: deps.span.traceparent,
      reject: (record) => rejectOversized(record, asideDeps),
      now: Date.now,
      signal: signals.abort,
    });
  const opened = await openTask({ source, catalog }, claim.stream, { signals, watch });
  if ('endedBy' in opened) {
    await senderOf(opened.declared).finish({ ...NOTHING_READ, endedBy: opened.endedBy });
    return tellIncomplete({ ...NOTHING_READ, endedBy: opened.endedBy }, logger);
  }
  const { session, task } = opened;
  const progress = planRead(task, claim, deps.fullReadIntervalSeconds);
  const { fullRead, isFirst } = progress;
  logger.info({ fullRead }, isFirst ? 'no saved STATE, extraction begins' : 'saved STATE read, extraction begins');
  const sender = senderOf(task);
  watch.rows = () => sender.read;
  const end = await extractTask(
    {
      ...{ ...session, task, selection, claim, sender, signals },
      reject: (record) => rejectUnreadable(record, sender.batches, asideDeps),
      notice: (notice) => keepNotice(notice, asideDeps),
    },
    progress,
  );
  tellIncomplete(end, logger);
  deps.span.set({ 'pipeline.batches': sender.batches, 'pipeline.rejected': end.rejected });
  for (const [stream, rows] of sender.rows) deps.onRows(stream, rows);
  logger.info(
    {
      rows: Object.fromEntries(sender.rows),
      batches: sender.batches,
      receivedBytes: watch.bytes,
      rejected: end.rejected,
      complete: end.endedBy === undefined && end.incomplete.size === 0,
      durationMs: Math.round(performance.now() - startedAt),
    },
    'SCHEMA sent, RECORDs extracted, STATE written',
  );
}

function tellIncomplete({ endedBy, incomplete }: Pick<ReadEnd, 'endedBy' | 'incomplete'>, logger: Logger): void {
  if (endedBy !== undefined) logger.warn({ code: endedBy.code }, `incomplete: ${endedBy.message}`);
  for (const [stream, error] of incomplete) {
    logger.warn({ stream, code: error.code }, `${stream} is incomplete: ${error.message}`);
  }
}

async function endFailed<Settings>(
  claim: Claim,
  error: unknown,
  deps: AttemptDeps<Settings> & { onDefect: () => void },
): Promise<void> {
  const { pool, logger } = deps;
  deps.span.fail(errorMessage(error));
  if (isLeaseLost(error)) return logger.warn({}, errorMessage(error));
  if (isInterruption(error)) {
    await withPatience(() => releaseTask(pool, claim.epoch), { ...deps, signal: deps.signals.abort });
    return logger.info({}, 'interrupted, the task is queued again');
  }
  const isExpected = error instanceof PipelineError;
  // An error nobody foresaw is a bug: repeating it would only repeat it.
  const retry = isExpected && error.recovery === 'retry';
  if (expectedFailure(error) === undefined) deps.onDefect();
  const fields = isExpected ? { code: error.code, ...error.context } : { err: error };
  logger.error({ ...fields, retry }, `extraction failed: ${errorMessage(error)}`);
  await withPatience(() => failTask(pool, claim.epoch, { error, retry }), { ...deps, signal: deps.signals.stop });
}
