import { createTestDatabase, defaultVhost, type LocalServers, requestBroker, startLocalServers } from '../src/index.ts';

describe('servers of its own', () => {
  let servers: LocalServers;
  beforeAll(async () => {
    servers = await startLocalServers();
  }, 120_000);
  afterAll(() => servers.stop(), 60_000);

  it('come back where they were, with what they had, after a stop and after a kill', async () => {
    const { pool, drop } = await createTestDatabase(undefined, servers.connections);
    await pool.query('create table kept as select 1 as id');
    const vhost = defaultVhost(servers.connections);
    const exchange = `/exchanges/${vhost.name}/kept`;
    await requestBroker('PUT', exchange, { type: 'topic', durable: true }, servers.connections);

    // RabbitMQ writes a declaration to its disk some time after it has confirmed it; a stop makes sure of it.
    await servers.rabbitmq.stop();
    await servers.rabbitmq.start();
    await Promise.all([servers.postgres.kill(), servers.rabbitmq.kill()]);
    await expect(pool.query('select id from kept')).rejects.toThrow();
    await Promise.all([servers.postgres.start(), servers.rabbitmq.start()]);

    expect((await pool.query('select id from kept')).rows).toEqual([{ id: 1 }]);
    expect(await requestBroker('GET', exchange, undefined, servers.connections)).toMatchObject({ name: 'kept' });
    await drop();
  }, 120_000);
});
