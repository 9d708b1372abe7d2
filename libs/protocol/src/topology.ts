/** Names, arguments and bindings of everything in the broker, as data. The scheduler declares them and keeps them there; the
 *  broker's `definitions.json` is generated from it. Legal on RabbitMQ 3.10, 4.0 and 4.3 alike. */
export interface Topology {
  exchanges: Exchange[];
  queues: Queue[];
  bindings: Binding[];
}

export interface Exchange {
  name: string;
  type: 'direct' | 'topic';
}

export interface Queue {
  name: string;
  arguments: Record<string, string | number>;
}

export interface Binding {
  exchange: string;
  queue: string;
  routingKey: string;
}

/** Commands to taps, by `run.<source>`. */
export const COMMANDS_EXCHANGE = 'pipeline.commands';
/** Batches, by `singer.<source>.<stream>`. */
export const SINGER_EXCHANGE = 'pipeline.singer';
/** Events, by their type. */
export const EVENTS_EXCHANGE = 'pipeline.events';
/** Dead letters of every queue, by `dead.*`. */
export const DEAD_EXCHANGE = 'pipeline.dead';

/** Every event, for the scheduler. */
export const SCHEDULER_EVENTS_QUEUE = 'scheduler.events';
/** Events that ask for a dbt build. */
export const DBT_EVENTS_QUEUE = 'dbt-runner.events';
/** What no consumer could handle, until the scheduler has archived it. */
export const DEAD_LETTERS_QUEUE = 'dead-letters';

/** Commands to the replicas of a source's tap. */
export const commandsQueue = (source: string): string => `tap-${source}.commands`;
/** Batches of one source, for all loaders. */
export const batchesQueue = (source: string): string => `loader.${source}`;
/** Routing key of commands to the tap of a source. */
export const commandRoutingKey = (source: string): string => `run.${source}`;

/** Ready bytes one batch queue may hold. The bound is this plus the publish windows; publishes resume below 80 % of it.
 *  128 MiB keeps three sources within half a gigabyte of broker disk. */
export const BATCH_QUEUE_BYTES_MAX = 128 * 1024 * 1024;

/** Deliveries of one message before it is dead-lettered. Explicit, because the default changed from none to 20 in 4.0. */
const DELIVERY_LIMIT = 20;

/** Dead letters wait here for the archiver; a quorum queue of 4.x would drop them after 20 peeks. */
const DEAD_DELIVERY_LIMIT = 1_000_000;
const DEAD_QUEUE_BYTES_MAX = 1024 * 1024 * 1024;
const COMMANDS_MAX = 1_000;
const EVENTS_MAX = 100_000;

/** For whoever declares nothing: all services but the scheduler. */
export const noTopology: Topology = { exchanges: [], queues: [], bindings: [] };

/** What every service needs: all exchanges, the event queues and the dead letters. */
export const commonTopology: Topology = {
  exchanges: [
    { name: COMMANDS_EXCHANGE, type: 'direct' },
    { name: SINGER_EXCHANGE, type: 'topic' },
    { name: EVENTS_EXCHANGE, type: 'topic' },
    { name: DEAD_EXCHANGE, type: 'topic' },
  ],
  queues: [
    quorumQueue(SCHEDULER_EVENTS_QUEUE, 'dead.event', { 'x-max-length': EVENTS_MAX }),
    quorumQueue(DBT_EVENTS_QUEUE, 'dead.event', { 'x-max-length': EVENTS_MAX }),
    {
      name: DEAD_LETTERS_QUEUE,
      arguments: {
        'x-queue-type': 'quorum',
        'x-delivery-limit': DEAD_DELIVERY_LIMIT,
        'x-overflow': 'reject-publish',
        'x-max-length-bytes': DEAD_QUEUE_BYTES_MAX,
      },
    },
  ],
  bindings: [
    { exchange: EVENTS_EXCHANGE, queue: SCHEDULER_EVENTS_QUEUE, routingKey: '#' },
    { exchange: EVENTS_EXCHANGE, queue: DBT_EVENTS_QUEUE, routingKey: 'cycle.loaded' },
    { exchange: EVENTS_EXCHANGE, queue: DBT_EVENTS_QUEUE, routingKey: 'dbt.requested' },
    { exchange: DEAD_EXCHANGE, queue: DEAD_LETTERS_QUEUE, routingKey: 'dead.#' },
  ],
};

/** What one source adds: its command queue and its batch queue. One batch queue per source, so that a backfill of one
 *  cannot starve another and back-pressure slows only the tap that fills it. */
export function sourceTopology(source: string): Topology {
  return {
    exchanges: [],
    queues: [
      quorumQueue(commandsQueue(source), 'dead.command', { 'x-max-length': COMMANDS_MAX }),
      quorumQueue(batchesQueue(source), 'dead.batch', { 'x-max-length-bytes': BATCH_QUEUE_BYTES_MAX }),
    ],
    bindings: [
      { exchange: COMMANDS_EXCHANGE, queue: commandsQueue(source), routingKey: commandRoutingKey(source) },
      { exchange: SINGER_EXCHANGE, queue: batchesQueue(source), routingKey: `singer.${source}.#` },
    ],
  };
}

/** All there is for these sources. */
export function wholeTopology(sources: readonly string[]): Topology {
  return mergeTopologies(commonTopology, ...sources.map(sourceTopology));
}

/** One topology of several: everything that any of them has. */
export function mergeTopologies(...topologies: Topology[]): Topology {
  return {
    exchanges: topologies.flatMap((topology) => topology.exchanges),
    queues: topologies.flatMap((topology) => topology.queues),
    bindings: topologies.flatMap((topology) => topology.bindings),
  };
}

function quorumQueue(name: string, deadLetterKey: string, limit: Record<string, number>): Queue {
  return {
    name,
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': DELIVERY_LIMIT,
      'x-overflow': 'reject-publish',
      'x-dead-letter-exchange': DEAD_EXCHANGE,
      'x-dead-letter-routing-key': deadLetterKey,
      'x-dead-letter-strategy': 'at-least-once',
      ...limit,
    },
  };
}
