import { randomBytes } from 'node:crypto';
import { type StackConnections, stackConnections } from './connections.ts';

/** A virtual host of its own for one test file. */
export interface TestVhost {
  /** As it stands in a path of the management API. */
  name: string;
  /** `amqp://user:password@host:port/vhost` */
  url: string;
  /** Throws away what waits in a queue. */
  purge(queue: string): Promise<void>;
  /** Deletes it with all its queues; open connections are cut. */
  delete(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 30_000;
/** "/", as it stands in a URL. */
const DEFAULT_VHOST = '%2f';

/** Creates a virtual host for one test file. Call it in `beforeAll`, `delete()` in `afterAll`. */
export async function createTestVhost(): Promise<TestVhost> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const servers = stackConnections();
  const { user } = servers.rabbitmq;
  await requestBroker('PUT', `/vhosts/${name}`);
  await requestBroker('PUT', `/permissions/${name}/${user}`, { configure: '.*', write: '.*', read: '.*' });
  return {
    name,
    url: brokerUrl(servers, name),
    purge: (queue) => purge(servers, name, queue),
    delete: async () => {
      await requestBroker('DELETE', `/vhosts/${name}`);
    },
  };
}

/** The virtual host that a broker is born with: for a broker that one test has to itself. It is there again when the broker's data was wiped. */
export function defaultVhost(servers: StackConnections): TestVhost {
  const name = DEFAULT_VHOST;
  const url = brokerUrl(servers, name);
  return { name, url, purge: (queue) => purge(servers, name, queue), delete: () => Promise.resolve() };
}

async function purge(servers: StackConnections, vhost: string, queue: string): Promise<void> {
  await requestBroker('DELETE', `/queues/${vhost}/${queue}/contents`, undefined, servers);
}

function brokerUrl({ rabbitmq: { host, port, user, password } }: StackConnections, vhost: string): string {
  return `amqp://${user}:${password}@${host}:${port}/${vhost}`;
}

/** A call of the broker's management API (`/api` and the path), for what AMQP cannot do: cut a connection, set an
 *  alarm, read a queue's policy. Returns the parsed body, or undefined where there is none. */
export async function requestBroker(
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  servers: StackConnections = stackConnections(),
): Promise<unknown> {
  const { host, managementPort, user, password } = servers.rabbitmq;
  const response = await fetch(`http://${host}:${managementPort}/api${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the broker responded to ${method} ${path} with ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
