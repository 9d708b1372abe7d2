import { setTimeout as sleep } from 'node:timers/promises';
import type { Handler } from '@pipeline/broker';
import { Event, errorMessage, type Logger } from '@pipeline/contracts';
import { requestDbtRun } from '@pipeline/control';
import { isTransient, type Pool } from '@pipeline/postgres';

export interface EventHandlerDeps {
  pool: Pool;
  target: string;
  wake: () => void;
  logger: Logger;
  signal: AbortSignal;
}

/** An event is held, unacked, this long while the database is away: below RabbitMQ's consumer time-out of 30 minutes. */
const HOLD_MS_MAX = 20 * 60_000;
const RETRY_MS = 1_000;

/** Turns `cycle.loaded` into a request for a build and acks at once: from there PostgreSQL remembers it, and nothing is held
 *  unacked for as long as dbt takes. */
export function createEventHandler(deps: EventHandlerDeps): Handler {
  return async ({ body, messageId }) => {
    const event = readEvent(body);
    if (event?.type !== 'cycle.loaded') {
      deps.logger.error({ messageId }, 'not a cycle.loaded event: it goes to the dead letters');
      return 'dead-letter';
    }
    const giveUpAt = performance.now() + HOLD_MS_MAX;
    for (;;) {
      try {
        await requestDbtRun(deps.pool, { target: deps.target, cycleId: event.cycleId, sources: event.sources });
        deps.wake();
        return 'ack';
      } catch (error) {
        if (!isTransient(error)) throw error;
        if (deps.signal.aborted || performance.now() > giveUpAt) return 'requeue';
        deps.logger.warn({ cycleId: event.cycleId, error: errorMessage(error) }, 'the event waits for the database');
      }
      await sleep(RETRY_MS, undefined, { signal: deps.signal }).catch(() => undefined);
    }
  };
}

function readEvent(body: Buffer): Event | undefined {
  try {
    return Event.parse(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}
