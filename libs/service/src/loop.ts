/** A step that is repeated, never twice at the same time. */
export interface Loop {
  /** Takes the next step now instead of at its time. */
  wake(): void;
  /** Ends after the step under way. */
  stop(): Promise<void>;
}

/** Starts a step that is repeated every `everyMs` and whenever it is woken. What it throws goes to `onError`, and the loop goes on. */
export function startLoop(options: {
  everyMs: number;
  step: () => Promise<void>;
  onError: (error: unknown) => void;
}): Loop {
  let stopped = false;
  let woken = false;
  let wakeUp: () => void = () => undefined;
  const run = async () => {
    while (!stopped) {
      woken = false;
      await options.step().catch(options.onError);
      if (!stopped && !woken) await pause();
    }
  };
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, options.everyMs);
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
