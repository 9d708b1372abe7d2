import { clearObstacle, reportObstacle } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { BatchHeaders, Failure, Logger } from '@pipeline/protocol';
import { createLogThrottle, processThrottle } from '@pipeline/resilience';
import { concernsStream } from './stream-failure.ts';

const SERVICE = 'loader';
/** Often enough that the obstacle does not count as over, which it does after a minute. */
const REPORT_MS = 10_000;

/** Tells what batches wait for: in the log, and as a row of `pipeline.obstacles` while it lasts. */
export interface Waiting {
  /** The batch waits. */
  waits(batch: BatchHeaders, failure: Failure): Promise<void>;
  /** A batch of the stream is settled. */
  goesOn(batch: BatchHeaders): Promise<void>;
}

/** While PostgreSQL is away nothing can be written there: then the scheduler tells of it. */
export function createWaiting(deps: { pool: Pool; logger: Logger }): Waiting {
  const { pool, logger } = deps;
  const reports = createLogThrottle(undefined, REPORT_MS);
  const reported = new Set<string>();
  return {
    waits: async (batch, failure) => {
      const subject = subjectOf(batch);
      const fields = { pipeline: batch.pipeline, system: batch.source, runId: batch.run, stream: batch.stream };
      const due = processThrottle.due(concernsStream(failure) ? `${subject} ${failure.name}` : failure.name);
      if (due !== undefined) {
        logger.warn({ ...fields, code: failure.code, ...due }, `batches wait and are tried again: ${failure.text}`);
      }
      if (reports.due(`${subject} ${failure.name}`) === undefined) return;
      const obstacle = { service: SERVICE, subject, failure, runId: batch.run };
      await reportObstacle(pool, { ...obstacle, pipeline: batch.pipeline, stream: batch.stream })
        .then(() => reported.add(subject))
        .catch((err: unknown) => logger.debug({ err }, 'what batches wait for could not be written down'));
    },
    goesOn: async (batch) => {
      const subject = subjectOf(batch);
      if (!reported.delete(subject)) return;
      await clearObstacle(pool, SERVICE, subject).catch((err: unknown) => {
        // It counts as over by itself after a minute.
        logger.debug({ err }, 'the end of a wait could not be written down');
      });
    },
  };
}

const subjectOf = ({ source, stream }: BatchHeaders): string => `${source}.${stream}`;
