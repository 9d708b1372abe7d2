import { type Logger, noTopology, PipelineError, type Topology } from '@pipeline/protocol';
import type { Channel, ChannelModel } from 'amqplib';
import { assertTopology } from './assert-topology.ts';
import { type Blocked, Connection } from './connection.ts';
import {
  Consumer,
  type ConsumerDeps,
  type ConsumerOptions,
  type ConsumerState,
  type Handler,
  type OnGivingUp,
} from './consumer.ts';
import { Publisher, type PublisherOptions } from './publisher.ts';

export interface BrokerOptions {
  /** `amqp://user:password@host:port/vhost` */
  url: string;
  /** The service, as the broker's management page shows it. */
  name: string;
  logger: Logger;
  /** Declared now and after every reconnect, by a user who may. @default nothing */
  topology?: Topology;
  /** Keeps the reason of a dead letter whose handler threw. @default nothing */
  onGivingUp?: OnGivingUp;
  /** Told of every error of a handler, before the message is tried again. @default nothing */
  onHandlerError?: (error: unknown) => void;
  /** Counts an error that nobody expected where the broker is waited for. @default nothing */
  onDefect?: () => void;
}

export interface BrokerHealth {
  /** Both connections are open. */
  isConnected: boolean;
  /** Set while the broker takes no messages. */
  blocked: Blocked | null;
  consumers: { queue: string; state: ConsumerState }[];
}

export interface QueueDepth {
  /** Messages that wait; those in the hands of consumers are not counted. */
  messages: number;
  consumers: number;
}

/** Connects and asserts the topology, once: repeat it while the broker may still be starting.
 *  @throws PipelineError `BROKER_URL_INVALID` or `TOPOLOGY_MISMATCH`, which waiting does not mend, or what the network says. */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const { url, name, logger, onGivingUp = async () => undefined } = options;
  const { onHandlerError = () => undefined, onDefect = () => undefined } = options;
  if (!/^amqps?:$/.test(URL.parse(url)?.protocol ?? '')) throw invalidUrl();
  const declared = { topology: options.topology ?? noTopology };
  const prepare = (model: ChannelModel) => assertTopology(model, declared.topology);
  const publishing = await Connection.open({ url, logger, prepare, onDefect, name: `${name} (publish)` });
  try {
    const consuming = await Connection.open({ url, logger, prepare, onDefect, name: `${name} (consume)` });
    return new Broker(publishing, consuming, { logger, onGivingUp, onHandlerError, onDefect }, declared);
  } catch (error) {
    await publishing.close();
    throw error;
  }
}

/** What a service has of RabbitMQ. Publishing and consuming have a connection each: an alarm of the broker blocks whoever
 *  publishes, and loaders must go on acking just then. */
export class Broker {
  readonly #publishing: Connection;
  readonly #consuming: Connection;
  readonly #deps: ConsumerDeps;
  /** Shared with the connections, which declare it whenever they are opened. */
  readonly #declared: { topology: Topology };
  readonly #consumers: Consumer[] = [];

  /** See {@link connectBroker}. */
  constructor(publishing: Connection, consuming: Connection, deps: ConsumerDeps, declared: { topology: Topology }) {
    this.#publishing = publishing;
    this.#consuming = consuming;
    this.#deps = deps;
    this.#declared = declared;
  }

  publisher(options?: PublisherOptions): Publisher {
    return new Publisher(this.#publishing, this.#deps.logger, options);
  }

  /** The user that this service is in the broker. Undefined: its URL names none. */
  get user(): string | undefined {
    return this.#consuming.user;
  }

  /** Resolves when the consumer is registered, which it stays until it is stopped or the broker is closed. */
  async consume(options: ConsumerOptions, handler: Handler): Promise<Consumer> {
    const consumer = this.startConsumer(options, handler);
    await consumer.start();
    return consumer;
  }

  /** As {@link consume}, without waiting for a queue that somebody else declares. */
  startConsumer(options: ConsumerOptions, handler: Handler): Consumer {
    const consumer = new Consumer(this.#consuming, this.#deps, options, handler);
    this.#consumers.push(consumer);
    void consumer.start();
    return consumer;
  }

  /** Declares this topology in the place of the one before: now, and after every reconnect. */
  async declare(topology: Topology): Promise<void> {
    this.#declared.topology = topology;
    await assertTopology(await this.#publishing.ready(), topology);
  }

  /** @throws PipelineError `QUEUE_MISSING` */
  async queueDepth(queue: string): Promise<QueueDepth> {
    return this.#onChannel(queue, async (channel) => {
      const { messageCount, consumerCount } = await channel.checkQueue(queue);
      return { messages: messageCount, consumers: consumerCount };
    });
  }

  health(): BrokerHealth {
    return {
      isConnected: this.#publishing.isConnected && this.#consuming.isConnected,
      blocked: this.#publishing.blocked,
      consumers: this.#consumers.map(({ queue, state }) => ({ queue, state })),
    };
  }

  /** The health as a readiness check: a reason, or null. A paused consumer is one that has its hands full, not a fault. */
  notReadyBecause(): string | null {
    const { isConnected, blocked, consumers } = this.health();
    if (!isConnected) return 'not connected to the broker';
    if (blocked !== null) return `the broker takes no messages: ${blocked.because}`;
    const idle = consumers.filter(({ state }) => state === 'starting' || state === 'waiting');
    return idle.length === 0 ? null : `not consuming ${idle.map(({ queue }) => queue).join(', ')}`;
  }

  /** Stops all consumers, then closes both connections. A publish still under way throws. */
  async close(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    await Promise.all([this.#publishing.close(), this.#consuming.close()]);
  }

  async #onChannel<T>(queue: string, work: (channel: Channel) => Promise<T>): Promise<T> {
    // A missing queue closes the channel it was asked on, so this one is for a single question.
    const model = await this.#consuming.ready();
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    try {
      const result = await work(channel);
      await channel.close();
      return result;
    } catch (cause) {
      throw isNotFound(cause) ? queueMissing(queue, cause) : cause;
    }
  }
}

const NOT_FOUND = 404;

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === NOT_FOUND;
}

function queueMissing(queue: string, cause: unknown): PipelineError {
  return new PipelineError({
    code: 'QUEUE_MISSING',
    recovery: 'fail',
    message: `the broker has no queue ${queue}: the scheduler declares it when it knows the source`,
    context: { queue },
    cause,
  });
}

function invalidUrl(): PipelineError {
  return new PipelineError({
    code: 'BROKER_URL_INVALID',
    recovery: 'fix-config',
    message: 'the URL of the broker is not of the form amqp://user:password@host:port/vhost',
  });
}
