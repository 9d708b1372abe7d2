import { isTransient, sqlstate } from '@pipeline/postgres';
import { errorCode, errorMessage, type Logger, PipelineError } from '@pipeline/protocol';
import { type Backoff, retry } from '@pipeline/resilience';

const BACKOFF: Backoff = { firstMs: 500, maxMs: 10_000 };
/** Longer absences need a person; the tap can be run again from the last STATE. */
const WAIT_MS_MAX = 10 * 60_000;
const REMINDER_MS = 60_000;

export interface DatabaseWaitDeps {
  logger: Logger;
  now: () => number;
  /** Aborted when the run is to end: waiting ends at once. */
  signal: AbortSignal;
  /** @default {@link WAIT_MS_MAX} */
  waitMsMax?: number;
}

/** Repeats `work` while PostgreSQL or the way to it fails, and says so: the reason at once, then once a minute.
 *  @throws PipelineError `DATABASE_UNAVAILABLE` with the last reason, after {@link WAIT_MS_MAX} or when the run is to end. */
export async function withDatabase<T>(
  deps: DatabaseWaitDeps,
  what: string,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  const { now, logger, signal, waitMsMax = WAIT_MS_MAX } = deps;
  let attempts = 0;
  let since: number | undefined;
  let remindAt = 0;
  const waitedMs = () => {
    since ??= now();
    return now() - since;
  };
  const onRetry = (error: unknown, attempt: number) => {
    if (now() < remindAt) return;
    remindAt = now() + REMINDER_MS;
    const givesUpInSeconds = Math.ceil((waitMsMax - waitedMs()) / 1_000);
    logger.warn({ attempt, givesUpInSeconds }, `${what} waits for PostgreSQL: ${databaseTrouble(error)}`);
  };
  try {
    return await retry(() => work(attempts++), {
      isExpected: (error) => isTransient(error) && waitedMs() < waitMsMax,
      ...{ backoff: BACKOFF, forMs: waitMsMax, signal, onRetry },
    });
  } catch (error) {
    if (!isTransient(error)) throw error;
    throw unavailable(databaseTrouble(error), waitedMs(), error);
  }
}

/** Why PostgreSQL cannot be used now, in words. */
const TROUBLES: Record<string, string> = {
  '53100': 'its disk is full',
  '53200': 'it is out of memory',
  '53300': 'it has too many connections',
  '53400': 'a limit of its configuration is exceeded',
  '55P03': 'a lock was not granted in time',
  '57P01': 'it is shutting down',
  '57P02': 'it has crashed and restarts',
  '57P03': 'it is starting up',
  ECONNREFUSED: 'nobody listens at its address',
  ECONNRESET: 'the connection was lost',
  ENOTFOUND: 'its host name is unknown',
  EAI_AGAIN: 'its host name cannot be looked up',
  ETIMEDOUT: 'it does not respond',
};

export function databaseTrouble(error: unknown): string {
  const code = errorCode(error);
  const known = code === undefined ? undefined : TROUBLES[code];
  if (known !== undefined) return `${known} (${code})`;
  return sqlstate(error) === undefined ? errorMessage(error) : `${errorMessage(error)} (${code})`;
}

function unavailable(reason: string, waitedMs: number, cause: unknown): PipelineError {
  return new PipelineError({
    code: 'DATABASE_UNAVAILABLE',
    recovery: 'retry',
    message:
      `PostgreSQL cannot be used: ${reason}. Waited ${Math.round(waitedMs / 1_000)} seconds; ` +
      'when it is back, run the tap again from the last STATE',
    context: { reason },
    cause,
  });
}
