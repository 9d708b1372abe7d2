import { judgeErrors, type RepeatedErrors } from './repeated-errors.ts';

/** A step that is repeated, never twice at the same time. */
export interface Loop {
  /** Takes the next step now instead of at its time. */
  wake(): void;
  /** Ends after the step under way. */
  stop(): Promise<void>;
}

/** While something is waited for, the next step comes at least this soon, in milliseconds: who says that it is alive is back at once. */
const SOON_MS = 1_000;

/** Starts a step that is repeated every `everyMs` and whenever it is woken. An expected failure is waited out, with one line a minute. Any other error
 *  is a defect: see {@link judgeErrors}. */
export function startLoop(options: { everyMs: number; step: () => Promise<void>; errors: RepeatedErrors }): Loop {
  const judge = judgeErrors(options.errors);
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
