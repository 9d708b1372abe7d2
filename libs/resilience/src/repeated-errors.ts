import type { Failure, Logger } from '@pipeline/protocol';
import { processThrottle } from './log-throttle.ts';

/** What becomes of the errors of work that is repeated: the steps of a loop, the renewals of a lease. */
export interface RepeatedErrors {
  logger: Logger;
  /** The line of an expected failure: `the outbox waits`. */
  waiting: string;
  /** The failure, when it is one to be waited out; undefined for a defect. */
  expected: (error: unknown) => Failure | undefined;
  /** Is told of every failure that is waited out. */
  onWaiting?: (failure: Failure) => void;
  /** Counts a defect. */
  onDefect: () => void;
  /** Ends the process.
   *  @default throws where nobody catches it */
  giveUp?: (error: unknown) => void;
}

export interface ErrorJudge {
  /** Says whether something is waited for: no. */
  succeeded(): boolean;
  /** Says whether something is waited for. */
  failed(error: unknown): boolean;
}

/** Errors one after another that nobody expected: somebody who looks after the process must see that it does not work. */
export const DEFECTS_IN_A_ROW_MAX = 10;

/** An expected failure is waited out, with one line a minute. Any other error is a defect: logged at error with its stack, counted, and after
 *  {@link DEFECTS_IN_A_ROW_MAX} in a row the end of the process. */
export function judgeErrors(errors: RepeatedErrors): ErrorJudge {
  const { logger, waiting, expected, onWaiting, onDefect, giveUp = throwUncaught } = errors;
  let inARow = 0;
  return {
    succeeded: () => {
      inARow = 0;
      return false;
    },
    failed: (error) => {
      const failure = expected(error);
      if (failure !== undefined) {
        onWaiting?.(failure);
        const due = processThrottle.due(failure.name);
        if (due !== undefined)
          logger.warn({ kind: failure.name, code: failure.code, ...due }, `${waiting}: ${failure.text}`);
        return true;
      }
      inARow += 1;
      onDefect();
      logger.error({ err: error, inARow }, `${waiting}: an unexpected error`);
      if (inARow === DEFECTS_IN_A_ROW_MAX) {
        logger.error({}, `${waiting}: ${inARow} unexpected errors in a row, so the process ends`);
        giveUp(error);
      }
      return false;
    },
  };
}

function throwUncaught(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
