import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, startPostgres } from '@pipeline/local-stack';
import { createPool, type Pool } from '@pipeline/postgres';
import { createTestDatabase, createTestVhost, type TestDatabase, type TestVhost, waitFor } from '@pipeline/testing';
import { startService } from '../../../tests/support/service-process.ts';
import { checkDurability } from '../src/durability.ts';

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

describe('PostgreSQL that is killed right after a commit', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'durability-'));
  let server: PostgresServer | undefined;
  afterEach(() => server?.stop());
  afterAll(() => rmSync(dataDir, { recursive: true }));

  const withServer = async <T>(settings: Record<string, string>, work: (pool: Pool) => Promise<T>): Promise<T> => {
    server = await startPostgres({ dataDir, settings });
    const pool = createPool({ ...server, sslmode: 'disable', applicationName: 'test', poolSize: 1 });
    return await work(pool).finally(() => pool.end());
  };
  /** Whether a row is there after the server was killed as soon as its commit was confirmed. */
  const isRemembered = async (settings: Record<string, string>) => {
    await withServer(settings, async (pool) => {
      await pool.query('drop table if exists committed; create table committed (id integer); checkpoint');
      await pool.query('insert into committed values (1)');
      await server?.kill();
    });
    const count = await withServer({}, async (pool) => (await pool.query('select from committed')).rowCount);
    await server?.stop();
    return count === 1;
  };

  it('remembers it', async () => {
    expect(await isRemembered({})).toBe(true);
  });

  it('has forgotten it when synchronous_commit is off (mutation)', async () => {
    expect(await isRemembered({ synchronous_commit: 'off', wal_writer_delay: '10s' })).toBe(false);
  });

  it.each(['fsync', 'full_page_writes', 'synchronous_commit'])('is refused with %s off', async (setting) => {
    const check = withServer({ [setting]: 'off' }, checkDurability);
    await expect(check).rejects.toMatchObject({ code: 'DATABASE_UNSAFE', recovery: 'fix-config' });
    await expect(check).rejects.toThrow(`${setting}=off`);
  });
});
