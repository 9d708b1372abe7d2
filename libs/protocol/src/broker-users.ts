import { COMMANDS_EXCHANGE, commandsQueue, DBT_EVENTS_QUEUE, EVENTS_EXCHANGE, SINGER_EXCHANGE } from './topology.ts';

/** A user of the broker and what it may: regular expressions on names of exchanges and queues, as RabbitMQ takes them. Users that are generated
 *  from the sources are the whole list: there is no other one but the administrator of an installation. */
export interface BrokerUser {
  name: string;
  configure: string;
  write: string;
  read: string;
  /** What it may of the management API. */
  tags: 'management'[];
  /** Narrows `write` and `read` on a topic exchange to routing keys. */
  topics: { exchange: string; write: string; read: string }[];
}

/** Declares the topology; the only user that may. */
export const SCHEDULER_USER = 'scheduler';
/** Reads every batch queue. */
export const LOADER_USER = 'loader';
const DBT_RUNNER_USER = 'dbt-runner';
/** The broker's user of a source's tap, which is also the name of its service. */
export const tapUser = (source: string): string => `tap-${source}`;

const NOTHING = '^$';
const exactly = (...names: string[]): string => `^(${names.map(literal).join('|')})$`;
const literal = (text: string): string => text.replaceAll(/[.\\+*?^$()[\]{}|-]/g, '\\$&');

/** One user per service. The scheduler makes the topology, so that nobody else needs a right to configure: a tap that is taken over can neither delete
 *  a queue nor bind one of its own to what others send. */
export function brokerUsers(sources: readonly string[]): BrokerUser[] {
  return [
    // To declare a queue with a dead-letter exchange, and to bind it, takes read and write on both.
    // It reads lengths and rates of queues from the management API.
    {
      name: SCHEDULER_USER,
      ...all('^(pipeline|loader|tap-[^.]+|scheduler|dbt-runner)\\.|^dead-letters$'),
      tags: ['management'],
      topics: [],
    },
    { name: LOADER_USER, configure: NOTHING, write: NOTHING, read: '^loader\\.', tags: [], topics: [] },
    {
      name: DBT_RUNNER_USER,
      configure: NOTHING,
      write: NOTHING,
      read: exactly(DBT_EVENTS_QUEUE),
      tags: [],
      topics: [],
    },
    ...sources.map((source) => ({
      name: tapUser(source),
      configure: NOTHING,
      write: exactly(SINGER_EXCHANGE),
      read: exactly(commandsQueue(source)),
      tags: [],
      topics: [
        { exchange: SINGER_EXCHANGE, write: `^singer\\.${literal(source)}\\.`, read: NOTHING },
        ...[COMMANDS_EXCHANGE, EVENTS_EXCHANGE].map((exchange) => ({ exchange, write: NOTHING, read: NOTHING })),
      ],
    })),
  ];
}

function all(pattern: string): Pick<BrokerUser, 'configure' | 'write' | 'read'> {
  return { configure: pattern, write: pattern, read: pattern };
}
