import { describeExit, type Exit } from '@pipeline/local-stack';
import { errorMessage, type Logger } from '@pipeline/protocol';
import { pause } from '@pipeline/resilience';

/** A program that is running. */
export interface Running {
  exited: Promise<Exit>;
  stop(): Promise<unknown>;
}

/** What the end of a program means: start it again, leave it off, or stop everything with this exit code. */
export type ExitAction = 'restart' | 'off' | { exitCode: number };

export interface Program {
  name: string;
  start(): Promise<Running>;
  actionAfter(exit: Exit): ExitAction;
}

export interface Supervised {
  /** Stops the program for good. */
  stop(): Promise<void>;
}

export interface SupervisionOptions {
  logger: Logger;
  /** Called at most once per program: it cannot or need not go on, and nothing else should. */
  onFinish: (exitCode: number) => void;
  /** Pauses between restarts, for tests. */
  firstPauseMs?: number;
}

const FIRST_PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 30_000;
/** Who lived this long had started well: the pauses begin anew. */
const STABLE_MS = 60_000;
/** Starts in a row that did not live that long, before we give up. With the pauses above, four minutes. */
const UNSTABLE_STARTS_MAX = 12;

/** Keeps a program running: starts it again when it dies, after a pause that doubles. `running` is one that was started already. */
export function supervise(program: Program, options: SupervisionOptions, running?: Running): Supervised {
  const { name } = program;
  const { logger, onFinish, firstPauseMs = FIRST_PAUSE_MS } = options;
  const stopping = new AbortController();
  let current = running;

  async function run(): Promise<void> {
    for (let starts = 1; !stopping.signal.aborted; starts += 1) {
      const startedAt = performance.now();
      const exit = await runOnce();
      if (stopping.signal.aborted) return;
      const action = exit === undefined ? 'restart' : program.actionAfter(exit);
      if (action === 'off') return;
      if (typeof action === 'object') return onFinish(action.exitCode);
      if (performance.now() - startedAt >= STABLE_MS) starts = 1;
      if (starts >= UNSTABLE_STARTS_MAX) {
        logger.error({ starts }, `${name} does not stay up`);
        return onFinish(1);
      }
      const pauseMs = Math.min(firstPauseMs * 2 ** (starts - 1), PAUSE_MAX_MS);
      logger.warn({ pauseMs }, `${name} ${exit === undefined ? 'did not start' : `ended with ${describeExit(exit)}`}`);
      await pause(pauseMs, stopping.signal);
    }
  }

  /** Undefined when it did not start. */
  async function runOnce(): Promise<Exit | undefined> {
    try {
      current ??= await program.start();
      // The stop that came during the start had nothing to stop yet.
      if (stopping.signal.aborted) await current.stop();
      return await current.exited;
    } catch (error) {
      logger.error({}, errorMessage(error));
      return undefined;
    } finally {
      if (!stopping.signal.aborted) current = undefined;
    }
  }

  const ended = run();
  return {
    stop: async () => {
      stopping.abort();
      await current?.stop();
      await ended;
    },
  };
}
