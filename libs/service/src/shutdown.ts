import type { Logger } from '@pipeline/protocol';
import { within } from '@pipeline/resilience';
import closeWithGrace from 'close-with-grace';

/** Time a service has to finish or return its work, in milliseconds. Docker kills after 10 s. */
const STOP_TIMEOUT_MS = 8_000;
const EXIT_TIMEOUT_MS = 10_000;

/** Ends the process as if a signal had asked for it, with this exit code. */
export type Shutdown = (exitCode?: number) => void;

/** Makes SIGTERM and SIGINT run `stop` and exit with 0. A second signal, or a stop that takes too long, exits with 1. So does
 *  an error nobody caught, at once: being started again is a path that is always tested, going on in an unknown state is not. */
export function stopOnSignal(logger: Logger, stop: () => Promise<void>): Shutdown {
  let exitCode = 0;
  const closer = closeWithGrace(
    {
      delay: EXIT_TIMEOUT_MS,
      // Faults of the machine code: a handler in JavaScript would hide the core dump.
      skip: ['SIGILL', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'SIGABRT', 'SIGTRAP', 'beforeExit'],
      logger: false,
      onTimeout: () => logger.error({}, `not stopped after ${EXIT_TIMEOUT_MS} ms`),
      onSecondSignal: (signal) => logger.error({ signal }, 'second signal: stopping at once'),
      onSecondError: (err) => logger.error({ err }, 'error while stopping'),
    },
    async ({ err, signal }) => {
      if (err !== undefined) return logger.error({ err }, 'uncaught error: the process ends');
      logger.info(signal === undefined ? {} : { signal }, 'stopping');
      const stopped = stop().then(() => true);
      const isStopped = await within(stopped, STOP_TIMEOUT_MS, false);
      if (!isStopped) logger.error({}, `work was still running after ${STOP_TIMEOUT_MS} ms`);
      if (isStopped) logger.info({}, 'stopped');
      process.exit(isStopped ? exitCode : 1);
    },
  );
  return (code = 0) => {
    exitCode = code;
    closer.close();
  };
}
