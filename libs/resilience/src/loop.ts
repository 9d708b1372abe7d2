import type { Failure, Logger } from '@pipeline/contracts';
import { createLogThrottle } from './log-throttle.ts';

/** A step that is repeated, never twice at the same time. */
export interface Loop {
  /** Takes the next step now instead of at its time. */
  wake(): void;
  /** Ends after the step under way. */
  stop(): Promise<void>;
}

/** What becomes of the errors of a loop's steps. */
export interface LoopErrors {
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

/** Steps that fail one after another with an error nobody expected: somebody who looks after the process must see that it does not work. */
export const DEFECTS_IN_A_ROW_MAX = 10;

/** While something is waited for, the next step comes at least this soon, in milliseconds: who says that it is alive is back at once. */
const SOON_MS = 1_000;

/** Starts a step that is repeated every `everyMs` and whenever it is woken. An expected failure is waited out, with one line a minute. Any other error
 *  is a defect: logged at error with its stack, counted, and after {@link DEFECTS_IN_A_ROW_MAX} in a row the end of the process. */
export function startLoop(options: { everyMs: number; step: () => Promise<void>; errors: LoopErrors }): Loop {
  const judge = createJudge(options.errors);
  let stopped = false;
  let woken = false;
  let wakeUp: () => void = () => undefined;
  const run = async () => {
    while (!stopped) {
      woken = false;
      const isWaiting = await options.step().then(judge.succeeded, judge.failed);
      if (!stopped && !woken) await pause(isWaiting ? Math.min(options.everyMs, SOON_MS) : options.everyMs);
    }
  };
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const wake = () => {
    woken = true;
    wakeUp();
  };
  const running = run();
  return {
    wake,
    stop: async () => {
      stopped = true;
      wake();
      await running;
    },
  };
}

/** Says whether something is waited for. */
function createJudge(errors: LoopErrors): { succeeded: () => boolean; failed: (error: unknown) => boolean } {
  const { logger, waiting, expected, onWaiting, onDefect, giveUp = throwUncaught } = errors;
  const throttle = createLogThrottle();
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
        const due = throttle.due(failure.name);
        if (due !== undefined)
          logger.warn({ kind: failure.name, code: failure.code, ...due }, `${waiting}: ${failure.text}`);
        return true;
      }
      inARow += 1;
      onDefect();
      logger.error({ err: error, inARow }, `${waiting}: an unexpected error`);
      if (inARow >= DEFECTS_IN_A_ROW_MAX) giveUp(error);
      return false;
    },
  };
}

function throwUncaught(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
