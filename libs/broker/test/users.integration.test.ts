import { randomBytes } from 'node:crypto';
import {
  batchRoutingKey,
  brokerUsers,
  COMMANDS_EXCHANGE,
  EVENTS_EXCHANGE,
  SINGER_EXCHANGE,
  wholeTopology,
} from '@pipeline/protocol';
import { createTestVhost, requestBroker, stackConnections, type TestVhost } from '@pipeline/testing';
import { type ChannelModel, connect } from 'amqplib';
import { type Broker, connectBroker, definitions, type Message } from '../src/index.ts';
import { logger } from './support/fixture.ts';

const SOURCES = ['alpha', 'beta'];
/** Users belong to the whole broker: others must not meet ours. */
const suffix = randomBytes(4).toString('hex');
const REFUSED = { code: 403 };

const USERS = brokerUsers(SOURCES).map((user) => ({ ...user, name: `${user.name}-${suffix}` }));
const ALL = ['scheduler', 'loader', 'dbt-runner', 'tap-alpha', 'tap-beta'] as const;
type User = (typeof ALL)[number];

describe('a user of the broker per service', () => {
  let vhost: TestVhost;
  const opened: Broker[] = [];
  const models: ChannelModel[] = [];

  const urlOf = (user: string, password = `of ${user}`) => {
    const url = new URL(vhost.url);
    url.username = user === 'guest' ? user : `${user}-${suffix}`;
    url.password = password;
    return url.href;
  };
  const as = async (user: User): Promise<Broker> => {
    const broker = await connectBroker({ url: urlOf(user), name: user, logger });
    opened.push(broker);
    return broker;
  };
  /** A channel for what only an attacker does. */
  const channelOf = async (user: User) => {
    const model = await connect(urlOf(user));
    models.push(model);
    const channel = await model.createConfirmChannel();
    channel.on('error', () => undefined);
    return channel;
  };
  const batch = (source: string): Message => ({
    exchange: SINGER_EXCHANGE,
    routingKey: batchRoutingKey(source, 'deals'),
    messageId: '1/0',
    type: 'batch',
    contentType: 'application/x-ndjson',
    body: Buffer.from('{}'),
  });

  beforeAll(async () => {
    vhost = await createTestVhost();
    const { user, password } = stackConnections().rabbitmq;
    const passwordOf = (name: string) => (name === user ? password : `of ${name.replace(`-${suffix}`, '')}`);
    await requestBroker(
      'POST',
      '/definitions',
      definitions({ topology: wholeTopology(SOURCES), users: USERS, vhost: vhost.name, passwordOf }),
    );
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((broker) => broker.close()));
    await Promise.all(models.splice(0).map((model) => model.close()));
  });
  afterAll(async () => {
    for (const { name } of USERS) await requestBroker('DELETE', `/users/${name}`);
    await vhost.delete();
  });

  it('is enough for the way of a batch: published by its tap, signed by its tap, read by a loader', async () => {
    const tap = await as('tap-alpha');
    const loader = await as('loader');
    await tap.publisher().publish(batch('alpha'));
    const delivered = Promise.withResolvers<string | undefined>();
    await loader.consume({ queue: 'loader.alpha', prefetch: 1 }, async ({ userId }) => {
      delivered.resolve(userId);
      return 'ack';
    });
    expect(await delivered.promise).toBe(`tap-alpha-${suffix}`);
  });

  it('is enough for the scheduler to declare everything, and for the others to read their own queue', async () => {
    const scheduler = await as('scheduler');
    await scheduler.declare(wholeTopology([...SOURCES, 'gamma']));
    const queues: [User, string][] = [
      ['scheduler', 'scheduler.events'],
      ['scheduler', 'dead-letters'],
      ['dbt-runner', 'dbt-runner.events'],
      ['tap-alpha', 'tap-alpha.commands'],
    ];
    for (const [user, queue] of queues) await (await as(user)).consume({ queue, prefetch: 1 }, async () => 'ack');
  });

  it('fails what a tap publishes in the name of another source, and says which right is missing', async () => {
    const tap = await as('tap-beta');
    await expect(tap.publisher().publish(batch('alpha'))).rejects.toMatchObject({
      code: 'BROKER_RIGHT_MISSING',
      message: expect.stringContaining('may not publish singer.alpha.deals to exchange pipeline.singer'),
    });
  });

  it('refuses a signature that is not that of the user', async () => {
    const channel = await channelOf('tap-beta');
    const published = new Promise((resolve) => channel.once('error', resolve));
    channel.publish(SINGER_EXCHANGE, batchRoutingKey('beta', 'deals'), Buffer.from('{}'), {
      userId: `tap-alpha-${suffix}`,
    });
    expect(await published).toMatchObject({ code: 406 });
  });

  it.each<[User, string]>(
    (['tap-beta', 'loader', 'dbt-runner'] as const).flatMap((user) =>
      ['loader.alpha', 'tap-alpha.commands', 'scheduler.events', 'dead-letters', 'dbt-runner.events']
        .filter((queue) => !(user === 'loader' && queue === 'loader.alpha') && !queue.startsWith(`${user}.`))
        .map((queue): [User, string] => [user, queue]),
    ),
  )('does not let %s read %s', async (user, queue) => {
    const channel = await channelOf(user);
    await expect(channel.consume(queue, () => undefined)).rejects.toMatchObject(REFUSED);
  });

  it.each<[User, string]>([
    ['tap-beta', COMMANDS_EXCHANGE],
    ['tap-beta', EVENTS_EXCHANGE],
    ['loader', SINGER_EXCHANGE],
    ['loader', EVENTS_EXCHANGE],
    ['dbt-runner', COMMANDS_EXCHANGE],
  ])('does not let %s publish to %s', async (user, exchange) => {
    const channel = await channelOf(user);
    const closed = new Promise((resolve) => channel.once('error', resolve));
    channel.publish(exchange, batchRoutingKey('beta', 'deals'), Buffer.from('{}'));
    expect(await closed).toMatchObject(REFUSED);
  });

  it.each(['loader', 'dbt-runner', 'tap-beta'] as const)(
    'lets %s neither make, delete nor bind anything',
    async (user) => {
      for (const forbidden of [
        async () => (await channelOf(user)).assertQueue('mine'),
        async () => (await channelOf(user)).deleteQueue('loader.beta'),
        async () => (await channelOf(user)).deleteExchange(SINGER_EXCHANGE),
        async () => (await channelOf(user)).bindQueue('loader.beta', SINGER_EXCHANGE, '#'),
      ])
        await expect(forbidden()).rejects.toMatchObject(REFUSED);
    },
  );

  it('knows no guest', async () => {
    await expect(connect(urlOf('guest', 'guest'))).rejects.toThrow(/ACCESS_REFUSED|ACCESS-REFUSED/);
  });

  it('would let a tap publish for another source without the topic permission (mutation)', async () => {
    await requestBroker('DELETE', `/topic-permissions/${vhost.name}/tap-beta-${suffix}`);
    const tap = await as('tap-beta');
    await expect(tap.publisher().publish(batch('alpha'))).resolves.toBeUndefined();
  });
});
