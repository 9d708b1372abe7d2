import type { Logger, Queue, Topology } from '@pipeline/protocol';
import { createTestVhost, type TestVhost } from '@pipeline/testing';
import { type Broker, connectBroker, type Message } from '../../src/index.ts';
import { type BrokerProxy, startProxy } from './proxy.ts';

const EXCHANGE = 'things';
const DEAD_EXCHANGE = 'dead';
const DEAD_QUEUE = 'dead-things';

const silent = () => undefined;
export const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger };

/** A virtual host, a proxy before it, and every broker that was opened, to be closed with {@link close}. */
export class Fixture {
  readonly proxy: BrokerProxy;
  readonly #vhost: TestVhost;
  readonly #opened: Broker[] = [];

  private constructor(vhost: TestVhost, proxy: BrokerProxy) {
    this.#vhost = vhost;
    this.proxy = proxy;
  }

  static async create(): Promise<Fixture> {
    const vhost = await createTestVhost();
    return new Fixture(vhost, await startProxy(vhost.url));
  }

  /** A broker through the proxy, with one quorum queue of this name and its dead letters. */
  async throughProxy(queue: string, limits: Queue['arguments'] = {}): Promise<Broker> {
    return this.#open(this.proxy.url, topologyOf(queue, limits));
  }

  /** A broker without the proxy, which sees what is really there. */
  async direct(queue: string, limits: Queue['arguments'] = {}): Promise<Broker> {
    return this.#open(this.#vhost.url, topologyOf(queue, limits));
  }

  /** Closes the brokers of one test. */
  async closeBrokers(): Promise<void> {
    this.proxy.mute(false);
    this.proxy.swallow(false);
    this.proxy.cutEveryBytes(0);
    await Promise.all(this.#opened.splice(0).map((broker) => broker.close()));
  }

  async close(): Promise<void> {
    await this.closeBrokers();
    await this.proxy.close();
    await this.#vhost.delete();
  }

  get vhost(): TestVhost {
    return this.#vhost;
  }

  async #open(url: string, topology: Topology): Promise<Broker> {
    const broker = await connectBroker({ url, name: 'test', logger, topology });
    this.#opened.push(broker);
    return broker;
  }
}

/** The queue and, beside it, `dead-things`, where its dead letters go. */
export function topologyOf(queue: string, limits: Queue['arguments'] = {}): Topology {
  return {
    exchanges: [
      { name: EXCHANGE, type: 'topic' },
      { name: DEAD_EXCHANGE, type: 'topic' },
    ],
    queues: [
      {
        name: queue,
        arguments: {
          'x-queue-type': 'quorum',
          'x-delivery-limit': 20,
          'x-overflow': 'reject-publish',
          'x-dead-letter-exchange': DEAD_EXCHANGE,
          'x-dead-letter-routing-key': 'dead',
          'x-dead-letter-strategy': 'at-least-once',
          ...limits,
        },
      },
      { name: DEAD_QUEUE, arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 20 } },
    ],
    bindings: [
      { exchange: EXCHANGE, queue, routingKey: queue },
      { exchange: DEAD_EXCHANGE, queue: DEAD_QUEUE, routingKey: 'dead' },
    ],
  };
}

export function message(queue: string, id: number | string, body = Buffer.from(`body of ${id}`)): Message {
  return {
    exchange: EXCHANGE,
    routingKey: queue,
    messageId: String(id),
    type: 'thing',
    headers: { id: String(id) },
    contentType: 'text/plain',
    body,
  };
}

/** All messages of a queue, taken out of it. */
export async function drain(broker: Broker, queue: string, count: number): Promise<Map<string, string[]>> {
  const bodies = new Map<string, string[]>();
  const { promise, resolve } = Promise.withResolvers<void>();
  const consumer = await broker.consume({ queue, prefetch: 50 }, async ({ messageId = '', body }) => {
    bodies.set(messageId, [...(bodies.get(messageId) ?? []), body.toString()]);
    if (bodies.size >= count) resolve();
    return 'ack';
  });
  await promise;
  await consumer.stop();
  return bodies;
}

export const deadLetters = DEAD_QUEUE;
