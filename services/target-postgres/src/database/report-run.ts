import type { Logger } from '@pipeline/protocol';
import type { SingerTarget } from '../target.ts';
import { exitCodeOf } from './exit-code.ts';

/** The last lines of the log: what became of each stream, and loudly what was not loaded.
 *  @returns the exit code: that of the first stream that stopped, if the run itself has none. */
export function reportRun(logger: Logger, target: SingerTarget, exitCode: number): number {
  const { counts, failures } = target;
  const total = { loaded: 0, rejected: 0, sanitised: 0, stale: 0 };
  for (const [stream, count] of counts) {
    logger.info({ stream, ...count }, 'loaded');
    total.loaded += count.loaded;
    total.rejected += count.rejected;
    total.sanitised += count.sanitised;
    total.stale += count.stale;
  }
  if (total.stale > 0) {
    logger.warn(
      { stale: total.stale },
      `${total.stale} records are of an older version than the active one and were left out`,
    );
  }
  const [first] = failures.values();
  const code = exitCode === 0 && first !== undefined ? exitCodeOf(first) : exitCode;
  const facts = { ...total, streams: counts.size, stopped: failures.size, exitCode: code };
  const setAside = `${total.rejected} records were rejected: see pipeline.rejected_records`;
  if (failures.size > 0) {
    logger.error(
      facts,
      `not everything is loaded: ${[...failures.keys()].join(', ')} stopped. ${total.rejected > 0 ? setAside : ''}`,
    );
  } else if (total.rejected > 0) logger.warn(facts, setAside);
  return code;
}
