import { migrateControl } from '@pipeline/control';
import {
  commonTopology,
  DEAD_LETTERS_QUEUE,
  EVENTS_EXCHANGE,
  type Logger,
  PipelineError,
  SCHEDULER_EVENTS_QUEUE,
} from '@pipeline/protocol';
import { createTestDatabase, createTestVhost, type TestDatabase, type TestVhost, waitFor } from '@pipeline/testing';
import { Registry } from 'prom-client';
import { createDefects } from '../src/defects.ts';
import { Health } from '../src/health.ts';
import { connectPlatform, type Platform } from '../src/index.ts';
import { LogLines } from '../src/log-lines.ts';

const HANDLER_ATTEMPTS = 3;

describe('a message whose handler throws', () => {
  const errors: { fields: object; text: string }[] = [];
  const silent = () => undefined;
  const error = (fields: object, text: string) => void errors.push({ fields, text });
  const logger: Logger = { debug: silent, info: silent, warn: silent, error, child: () => logger };
  const metrics = new Registry();
  let database: TestDatabase;
  let vhost: TestVhost;
  let platform: Platform;
  let dead = 0;
  beforeAll(async () => {
    database = await createTestDatabase({ name: 'control', prepare: migrateControl });
    vhost = await createTestVhost();
    const { host, port, user, password } = database.options;
    platform = await connectPlatform({
      ...{ name: 'test', topology: commonTopology, logger, health: new Health(), settings: [] },
      config: {
        ...{ DB_HOST: host, DB_PORT: port, DB_DATABASE: database.options.database, DB_USERNAME: user },
        ...{ DB_PASSWORD: password, DB_SSLMODE: 'disable', DB_POOL_SIZE: 2, RABBITMQ_URL: vhost.url },
      },
      defects: createDefects(metrics),
      logLines: new LogLines(),
    });
  });
  afterAll(async () => {
    await platform.close();
    await vhost.delete();
    await database.drop();
  });

  const defects = async () => {
    const metric = await metrics.getSingleMetric('service_defects_total')?.get();
    return metric?.values.find(({ labels }) => labels['loop'] === 'messages')?.value;
  };
  /** Publishes a message, and lets every handling of it fail so. */
  const failWith = async (failure: Error, messageId: string) => {
    const { broker } = platform;
    const consumer = await broker.consume({ queue: SCHEDULER_EVENTS_QUEUE, prefetch: 1 }, async () => {
      throw failure;
    });
    const message = { messageId, type: 'test', contentType: 'text/plain', body: Buffer.from('') };
    await broker.publisher().publish({ ...message, exchange: EVENTS_EXCHANGE, routingKey: 'run.loaded' });
    dead += 1;
    await waitFor(async () => (await broker.queueDepth(DEAD_LETTERS_QUEUE)).messages === dead);
    await consumer.stop();
  };

  it('is a defect, counted each time and shown with its stack, when nobody expected the error', async () => {
    expect(await defects()).toBe(0);
    await failWith(new TypeError('x is not a function'), 'unexpected');
    expect(await defects()).toBe(HANDLER_ATTEMPTS);
    expect(errors).toHaveLength(HANDLER_ATTEMPTS);
    expect(errors[0]).toMatchObject({ text: 'handling a message failed', fields: { messageId: 'unexpected' } });
  });

  it('is none when whoever threw knew what it is', async () => {
    const before = await defects();
    await failWith(new PipelineError({ code: 'X', recovery: 'fail', message: 'known' }), 'expected');
    expect(await defects()).toBe(before);
  });
});
