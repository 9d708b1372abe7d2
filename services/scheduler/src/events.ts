import { Event, type Logger } from '@pipeline/protocol';

/** Reads an event. Undefined when it is none. */
export function readEvent(body: Buffer): Event | undefined {
  try {
    return Event.parse(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}

/** Tells of an event in the log. What happens next is decided from PostgreSQL; the event only says that it is time to look. */
export function logEvent(logger: Logger, event: Event): void {
  const [level, text] = describe(event);
  logger[level](subject(event), text);
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
