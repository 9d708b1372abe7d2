import type { Broker } from '@pipeline/broker';
import { listPipelines } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import { type Logger, wholeTopology } from '@pipeline/protocol';
import { type Loop, oncePer, startLoop } from '@pipeline/resilience';
import type { Defects } from '@pipeline/service';

/** A tap that registers has its queues after at most this long. */
const LOOK_MS = 1_000;
/** What somebody has deleted in the broker is there again after at most this long. */
const DECLARE_MS = 5_000;

/** Declares exchanges, queues and bindings of every source that has registered, and declares them again and again. The scheduler alone does: no other
 *  service needs the right to. */
export function keepTopology(deps: { pool: Pool; broker: Broker; logger: Logger; defects: Defects }): Loop {
  const isDue = oncePer(DECLARE_MS);
  let known = 0;
  return startLoop({
    everyMs: LOOK_MS,
    step: async () => {
      const sources = [...new Set((await listPipelines(deps.pool)).map(({ source }) => source))];
      const isNew = sources.length > known;
      if (!isDue() && !isNew) return;
      await deps.broker.declare(wholeTopology(sources));
      known = sources.length;
    },
    errors: {
      logger: deps.logger,
      waiting: 'the declaration of the queues waits',
      expected: expectedFailure,
      onDefect: deps.defects('topology'),
    },
  });
}
