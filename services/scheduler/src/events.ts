import type { Broker, Consumer } from '@pipeline/broker';
import { Event, type Logger, SCHEDULER_EVENTS_QUEUE } from '@pipeline/protocol';

const PREFETCH = 10;

/** Tells the log of every event, and calls `onEvent`: what happens next is decided from PostgreSQL; the event only says that it is time to look. */
export function consumeEvents(deps: { broker: Broker; logger: Logger; onEvent: () => void }): Promise<Consumer> {
  return deps.broker.consume({ queue: SCHEDULER_EVENTS_QUEUE, prefetch: PREFETCH }, async ({ body }) => {
    const event = readEvent(body);
    if (event === undefined) return 'dead-letter';
    const [level, text] = describe(event);
    deps.logger[level](subject(event), text);
    deps.onEvent();
    return 'ack';
  });
}

/** Reads an event. Undefined when it is none. */
function readEvent(body: Buffer): Event | undefined {
  try {
    return Event.parse(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}

function describe(event: Event): ['debug' | 'info' | 'error', string] {
  switch (event.type) {
    case 'run.loaded':
      return ['info', 'run loaded'];
    case 'run.cancelled':
      return ['info', 'run cancelled'];
    case 'run.failed':
      return ['error', `run failed: ${event.error}`];
    case 'task.failed':
      return ['error', `stream ${event.stream} failed: ${event.error}`];
    case 'task.loaded':
      return ['debug', `stream ${event.stream} loaded`];
    case 'cycle.loaded':
      return ['info', `everything is loaded, dbt models ${event.sources.join(', ')}`];
    case 'dbt.requested':
      return ['debug', 'a dbt build was asked for'];
    case 'dbt.finished':
      return [event.outcome === 'succeeded' ? 'info' : 'error', `dbt ${event.outcome}`];
  }
}

function subject(event: Event): object {
  if (event.type === 'dbt.requested') return { dbtRunId: event.dbtRunId };
  if (!('pipeline' in event)) return { cycleId: event.cycleId };
  return { pipeline: event.pipeline, system: event.source, runId: event.runId, cycleId: event.cycleId };
}
