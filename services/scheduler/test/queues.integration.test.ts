import { type Broker, connectBroker } from '@pipeline/broker';
import { migrateControl, registerSource } from '@pipeline/control';
import {
  COMMANDS_EXCHANGE,
  commandRoutingKey,
  commandsQueue,
  commonTopology,
  mergeTopologies,
  sourceTopology,
} from '@pipeline/protocol';
import {
  createTestDatabase,
  createTestVhost,
  stackConnections,
  type TestDatabase,
  type TestVhost,
  waitFor,
} from '@pipeline/testing';
import { SOURCE_DESCRIPTION } from '../../../libs/control/test/support.ts';
import { managementApi } from '../src/observe/management-api.ts';
import { QueueReader } from '../src/observe/queues.ts';
import { logger } from './support/api-server.ts';

/** The broker sums up its figures every five seconds. */
const STATISTICS_MS = 20_000;

describe('the queues on the page', () => {
  let database: TestDatabase;
  let vhost: TestVhost;
  let broker: Broker;
  beforeAll(async () => {
    database = await createTestDatabase({ name: 'scheduler_api', prepare: migrateControl });
    await registerSource(database.pool, SOURCE_DESCRIPTION);
    vhost = await createTestVhost();
    const topology = mergeTopologies(commonTopology, sourceTopology('test'));
    broker = await connectBroker({ url: vhost.url, name: 'test', logger, topology });
    await broker.publisher().publish({
      ...{ exchange: COMMANDS_EXCHANGE, routingKey: commandRoutingKey('test'), messageId: 'one', type: 'run' },
      ...{ contentType: 'application/json', body: Buffer.from('{"hello":"world"}') },
    });
  });
  afterAll(async () => {
    await broker.close();
    await vhost.delete();
    await database.drop();
  });

  const reader = (managementUrl: string | undefined) =>
    new QueueReader({
      ...{ pool: database.pool, broker },
      management: managementApi({ RABBITMQ_URL: vhost.url, RABBITMQ_MANAGEMENT_URL: managementUrl }),
    });
  const commands = async (queues: QueueReader) =>
    (await queues.read()).find(({ name }) => name === commandsQueue('test'));

  it('have bytes, rate and the age of the oldest message', async () => {
    const { host, managementPort } = stackConnections().rabbitmq;
    const queues = reader(`http://${host}:${managementPort}`);
    const item = await waitFor(
      async () => {
        const found = await commands(queues);
        return found?.messages === 1 && found.bytes !== null && found.bytes > 0 ? found : undefined;
      },
      { timeoutMs: STATISTICS_MS, what: 'the figures of the broker' },
    );
    expect(item).toMatchObject({
      bytes: 17,
      perSecond: expect.any(Number),
      oldestSeconds: expect.any(Number),
      bytesMax: null,
    });
    expect((await queues.read()).find(({ name }) => name === 'loader.test')).toMatchObject({
      ...{ messages: 0, bytesMax: 128 * 1024 * 1024, oldestSeconds: null },
    });
  }, 30_000);

  it.each([undefined, 'http://127.0.0.1:9'])('have their length where the management interface is %s', async (url) => {
    expect(await commands(reader(url))).toMatchObject({ messages: 1, bytes: null, perSecond: null });
  });
});
