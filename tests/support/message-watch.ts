import { connectBroker } from '@pipeline/broker';
import { DEAD_LETTERS_QUEUE } from '@pipeline/protocol';
import { requestBroker, type TestVhost } from '@pipeline/testing';

/** RabbitMQ copies to this exchange what passes through a virtual host that is traced. */
const TRACER = 'amq.rabbitmq.trace';
const QUEUE = 'observer';
/** Every message that anybody publishes, and every dead letter that is taken. */
const ROUTING_KEYS = ['publish.#', `deliver.${DEAD_LETTERS_QUEUE}`];
const PREFETCH = 200;
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger };

/** What passed through RabbitMQ. */
export interface MessageWatch {
  /** Headers, properties and bodies by exchange, as they travelled. */
  seen: ReadonlyMap<string, Buffer[]>;
  close(): Promise<void>;
}

/** Keeps every message of a virtual host from now on, for a test that reads what others could. */
export async function watchMessages({ name, url }: Pick<TestVhost, 'name' | 'url'>): Promise<MessageWatch> {
  await requestBroker('PUT', `/vhosts/${name}`, { tracing: true });
  const topology = {
    exchanges: [],
    queues: [{ name: QUEUE, arguments: { 'x-queue-type': 'classic' } }],
    bindings: ROUTING_KEYS.map((routingKey) => ({ exchange: TRACER, queue: QUEUE, routingKey })),
  };
  const broker = await connectBroker({ url, name: QUEUE, logger, topology });
  const seen = new Map<string, Buffer[]>();
  await broker.consume({ queue: QUEUE, prefetch: PREFETCH }, async ({ headers, body }) => {
    const place = `message to ${headers['exchange_name']}`;
    const texts = seen.get(place) ?? [];
    seen.set(place, texts);
    texts.push(Buffer.from(JSON.stringify(headers)), body);
    return 'ack';
  });
  return { seen, close: () => broker.close() };
}
