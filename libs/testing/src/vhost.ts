import { randomBytes } from 'node:crypto';
import { stackConnections } from './connections.ts';

/** A virtual host of its own for one test file. */
export interface TestVhost {
  name: string;
  /** `amqp://user:password@host:port/vhost` */
  url: string;
  /** Deletes it with all its queues; open connections are cut. */
  delete(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 30_000;

/** Creates a virtual host for one test file. Call it in `beforeAll`, `delete()` in `afterAll`. */
export async function createTestVhost(): Promise<TestVhost> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const { host, port, user, password } = stackConnections().rabbitmq;
  await requestBroker('PUT', `/vhosts/${name}`);
  await requestBroker('PUT', `/permissions/${name}/${user}`, { configure: '.*', write: '.*', read: '.*' });
  return {
    name,
    url: `amqp://${user}:${password}@${host}:${port}/${name}`,
    delete: async () => {
      await requestBroker('DELETE', `/vhosts/${name}`);
    },
  };
}

/** A call of the broker's management API (`/api` and the path), for what AMQP cannot do: cut a connection, set an
 *  alarm, read a queue's policy. Gives the parsed body, or undefined where there is none. */
export async function requestBroker(
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const { host, managementPort, user, password } = stackConnections().rabbitmq;
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
  if (!response.ok) throw new Error(`the broker answered ${method} ${path} with ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
