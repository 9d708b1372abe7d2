import { jest } from '@jest/globals';
import type { BrokerHealth } from '@pipeline/broker';
import { listAlerts, migrateControl } from '@pipeline/control';
import type { Logger } from '@pipeline/protocol';
import { createTestDatabase, type TestDatabase, waitFor } from '@pipeline/testing';
import { watchBroker } from '../src/broker-watch.ts';

const BLOCKED: BrokerHealth = {
  isConnected: true,
  consumers: [],
  blocked: { since: new Date(), because: 'low on memory' },
};
const silent = () => undefined;
const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger };
const MINUTE_AGO = `update pipeline.obstacles set seen_at = seen_at - interval '1 minute'`;

describe('a service that RabbitMQ takes nothing from', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ name: 'control', prepare: migrateControl });
  });
  afterAll(() => database.drop());

  const shown = async () => (await database.pool.query('select message from pipeline.present_obstacles')).rows;
  const isShown = () => waitFor(async () => (await shown()).length === 1, { timeoutMs: 30_000, what: 'a wait' });
  const watch = (health: () => BrokerHealth, onDefect: () => void = silent) =>
    watchBroker({ pool: database.pool, broker: { health }, service: 'loader', logger, defects: () => onDefect });

  it('says so as long as it lasts, so that runs and alerts show it, and takes it back', async () => {
    let health = BLOCKED;
    const { stop } = watch(() => health);
    await isShown();
    expect((await shown())[0].message).toMatch(/^RabbitMQ takes no messages: low on memory; /);
    await database.pool.query(MINUTE_AGO);
    await isShown();
    await database.pool.query(`update pipeline.obstacles set since = since - interval '30 seconds'`);
    expect(await listAlerts(database.pool)).toMatchObject([{ kind: 'waiting', subject: 'RabbitMQ' }]);
    health = { ...BLOCKED, blocked: null };
    await waitFor(async () => (await shown()).length === 0, { timeoutMs: 30_000, what: 'the end of the wait' });
    await stop();
  });

  it('counts a mistake of its own as a defect', async () => {
    const onDefect = jest.fn();
    const { stop } = watch(() => {
      throw new TypeError('x is not a function');
    }, onDefect);
    await waitFor(() => onDefect.mock.calls.length > 0);
    await stop();
  });

  it('would not be shown any more, a minute later, if it said so once only (mutation)', async () => {
    const { stop } = watch(() => BLOCKED);
    await isShown();
    // What was said stays; only the watch has ended.
    await database.pool.query('create table kept as select * from pipeline.obstacles');
    await stop();
    await database.pool.query('insert into pipeline.obstacles select * from kept');
    await isShown();
    await database.pool.query(MINUTE_AGO);
    expect(await shown()).toEqual([]);
    expect(await listAlerts(database.pool)).toEqual([]);
  });
});
