import { createTestDatabase, createTestVhost, type TestDatabase, type TestVhost, waitFor } from '@pipeline/testing';
import { startService } from '../../../tests/support/service-process.ts';

/** From sysexits.h: the configuration is at fault. */
const EXIT_CONFIGURATION = 78;

describe('a loader at a PostgreSQL that may forget what it has committed', () => {
  let database: TestDatabase;
  let vhost: TestVhost;
  beforeAll(async () => {
    database = await createTestDatabase();
    vhost = await createTestVhost();
  });
  afterAll(async () => {
    await vhost.delete();
    await database.drop();
  });

  const startLoader = (environment: Record<string, string> = {}) =>
    startService('loader', { ...database.environment, RABBITMQ_URL: vhost.url, ...environment });
  const setDatabase = (setting: string) =>
    database.pool.query(`alter database ${database.options.database} ${setting}`);

  it('refuses to start with synchronous_commit off, says so, and starts when it is told to', async () => {
    await setDatabase('set synchronous_commit = off');
    const refusing = startLoader();
    await waitFor(() => !refusing.isRunning(), { timeoutMs: 30_000, what: 'the end of the loader' });
    expect(await refusing.stop()).toBe(EXIT_CONFIGURATION);
    expect(refusing.log()).toContain('PostgreSQL runs with synchronous_commit=off and may forget committed rows');

    const allowed = startLoader({ ALLOW_UNSAFE_DATABASE: 'true' });
    await waitFor(() => allowed.log().includes('"started"'), { timeoutMs: 30_000, what: 'a started loader' });
    expect(await allowed.stop()).toBe(0);
  });

  it('starts at one that is set to remember', async () => {
    await setDatabase('reset synchronous_commit');
    const loader = startLoader();
    await waitFor(() => loader.log().includes('"started"'), { timeoutMs: 30_000, what: 'a started loader' });
    expect(await loader.stop()).toBe(0);
  });
});
