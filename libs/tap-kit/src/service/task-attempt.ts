import type { Publisher } from '@pipeline/broker';
import { errorMessage, type Logger, PipelineError } from '@pipeline/contracts';
import { type Claim, failTask, finishExtraction, rejectRecords, releaseTask } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { Tap } from '../declaration.ts';
import { discovered } from '../discovered.ts';
import { isInterruption } from '../interruption.ts';
import { type Selection, selectedStreams } from '../selection.ts';
import type { Signals, Source } from '../source.ts';
import { BatchSender } from './batch-sender.ts';
import { extractTask, planRead } from './extract-task.ts';
import { isLeaseLost, keepLease } from './lease.ts';
import { withPatience } from './patience.ts';

export interface AttemptDeps<Settings> {
  tap: Tap<Settings>;
  settings: Settings;
  selection: Selection;
  source: Source;
  pool: Pool;
  publisher: Publisher;
  logger: Logger;
  /** Shutdown of the process, gentle and hard. */
  signals: Signals;
  fullReadIntervalSeconds: number;
  leaseMs: number;
  onRows: (stream: string, rows: number) => void;
}

/** One attempt of a claimed task, from the first request to the final batch. It settles the task whatever happens and never throws:
 *  what it cannot say to the database, the lease says by running out. */
export async function runAttempt<Settings>(claim: Claim, deps: AttemptDeps<Settings>): Promise<void> {
  const { pool, epoch, logger } = { ...deps, epoch: claim.epoch, logger: attemptLogger(claim, deps.logger) };
  const cut = new AbortController();
  const { leaseMs } = deps;
  const lease = keepLease({ pool, epoch, logger, leaseMs, lost: (reason) => cut.abort(reason) });
  const signals = { stop: deps.signals.stop, abort: AbortSignal.any([deps.signals.abort, cut.signal]) };
  try {
    await extractClaimed(claim, { ...deps, logger, signals });
    await withPatience(() => finishExtraction(pool, epoch), { logger, signal: signals.abort });
  } catch (error) {
    await settleFailed(claim, error, { ...deps, logger }).catch((err: unknown) => {
      logger.error({ err }, 'the task could not be settled: its lease runs out and it is tried again');
    });
  } finally {
    lease.release();
    // Ends whatever is still on its way: requests, publishes.
    cut.abort(new PipelineError({ code: 'ATTEMPT_OVER', recovery: 'fail', message: 'the attempt is over' }));
  }
}

function attemptLogger({ runId, stream, epoch }: Claim, logger: Logger): Logger {
  return logger.child({ runId, stream, epoch });
}

async function extractClaimed<Settings>(claim: Claim, deps: AttemptDeps<Settings>): Promise<void> {
  const { tap, selection, logger, pool, signals } = deps;
  const declared = tap.streams.find((stream) => stream.name === claim.stream);
  if (declared === undefined || selectedStreams(declared, selection).length === 0) throw notSelected(claim.stream);
  const startedAt = performance.now();
  const http = await deps.source.connect(signals);
  const task = await discovered(declared, { settings: deps.settings, http });
  const streams = selectedStreams(task, selection);
  const progress = planRead(task, claim, deps.fullReadIntervalSeconds);
  const { fullRead, isFirst } = progress;
  logger.info({ fullRead }, isFirst ? 'no saved STATE, extraction begins' : 'saved STATE read, extraction begins');
  const sender = new BatchSender(claim, streams, {
    publisher: deps.publisher,
    reject: ({ stream, line, reason, seq }) => {
      logger.error({ stream, seq }, `a record was rejected: ${reason}`);
      const { pipeline, runId, epoch } = claim;
      const place = { position: null, column: null, sqlstate: null };
      return withPatience(
        () => rejectRecords(pool, [{ pipeline, runId, epoch, stream, seq, ...place, reason, record: line }]),
        { logger, signal: signals.abort },
      );
    },
    now: Date.now,
    signal: signals.abort,
  });
  const { settings, fullReadIntervalSeconds } = deps;
  const read = { task, selection, settings, http, claim, sender, signals, fullReadIntervalSeconds };
  const endedBy = await extractTask(read, progress);
  if (endedBy !== undefined) logger.warn({ code: codeOf(endedBy) }, `incomplete: ${errorMessage(endedBy)}`);
  for (const [stream, rows] of sender.rows) deps.onRows(stream, rows);
  logger.info(
    {
      rows: Object.fromEntries(sender.rows),
      batches: sender.batches,
      complete: endedBy === undefined,
      durationMs: Math.round(performance.now() - startedAt),
    },
    'SCHEMA sent, RECORDs extracted, STATE written',
  );
}

async function settleFailed<Settings>(claim: Claim, error: unknown, deps: AttemptDeps<Settings>): Promise<void> {
  const { pool, logger } = deps;
  if (isLeaseLost(error)) return logger.warn({}, errorMessage(error));
  if (isInterruption(error)) {
    await withPatience(() => releaseTask(pool, claim.epoch), { logger, signal: deps.signals.abort });
    return logger.info({}, 'interrupted, the task is queued again');
  }
  const isExpected = error instanceof PipelineError;
  // An error nobody foresaw is a bug: repeating it would only repeat it.
  const retry = isExpected && error.recovery === 'retry';
  const fields = isExpected ? { code: error.code, ...error.context } : { err: error };
  logger.error({ ...fields, retry }, `extraction failed: ${errorMessage(error)}`);
  await withPatience(() => failTask(pool, claim.epoch, { error, retry }), { logger, signal: deps.signals.stop });
}

function codeOf(error: unknown): string | null {
  return error instanceof PipelineError ? error.code : null;
}

function notSelected(stream: string): PipelineError {
  return new PipelineError({
    code: 'UNKNOWN_STREAM',
    recovery: 'fix-config',
    message: `the tap no longer reads ${stream}: it is not in the catalog, or \`select\` in config.yml leaves it out`,
  });
}
