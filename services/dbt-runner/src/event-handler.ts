import type { Handler } from '@pipeline/broker';
import { requestDbtRun } from '@pipeline/control';
import { isTransient, type Pool } from '@pipeline/postgres';
import { Event, type Logger } from '@pipeline/protocol';
import { type Backoff, retry } from '@pipeline/resilience';

export interface EventHandlerDeps {
  pool: Pool;
  target: string;
  wake: () => void;
  logger: Logger;
  signal: AbortSignal;
}

/** An event is held, unacked, this long while the database is away: below RabbitMQ's consumer time-out of 30 minutes. */
const HOLD_MS_MAX = 20 * 60_000;
const BACKOFF: Backoff = { firstMs: 500, maxMs: 5_000 };

/** Turns `cycle.loaded` into a request for a build and acks at once: from there PostgreSQL remembers it, and nothing is held
 *  unacked for as long as dbt takes. `dbt.requested` only wakes: the request is in PostgreSQL already. */
export function createEventHandler(deps: EventHandlerDeps): Handler {
  return async ({ body, messageId }) => {
    const event = readEvent(body);
    if (event?.type === 'dbt.requested') {
      deps.wake();
      return 'ack';
    }
    if (event?.type !== 'cycle.loaded') {
      deps.logger.error({ messageId }, 'neither cycle.loaded nor dbt.requested: it goes to the dead letters');
      return 'dead-letter';
    }
    const request = () =>
      requestDbtRun(deps.pool, { target: deps.target, cycleId: event.cycleId, sources: event.sources });
    try {
      await retry(request, {
        isExpected: isTransient,
        backoff: BACKOFF,
        forMs: HOLD_MS_MAX,
        signal: deps.signal,
        onRetry: (err, tries) => {
          if (tries === 1) deps.logger.warn({ cycleId: event.cycleId, err }, 'the event waits for the database');
        },
      });
    } catch (error) {
      if (isTransient(error)) return 'requeue';
      throw error;
    }
    deps.wake();
    return 'ack';
  };
}

function readEvent(body: Buffer): Event | undefined {
  try {
    return Event.parse(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}
