import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { createPool, type Pool } from '@pipeline/postgres';
import { type PostgresServer, startPostgres } from '../src/index.ts';

/** Several starts in one test, each of which may take half a minute on a busy machine. */
const TIMEOUT_MS = 240_000;
jest.setTimeout(TIMEOUT_MS);

let dataDir: string;
let server: PostgresServer;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'local-postgres-'));
  server = await startPostgres({ dataDir, database: 'warehouse' });
  await query('create table kept as select 1 as id');
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true });
});

async function query(statement: string): Promise<Record<string, unknown>[]> {
  const pool: Pool = createPool({ ...server, sslmode: 'disable', applicationName: 'test', poolSize: 1 });
  return await pool
    .query(statement)
    .then(({ rows }) => rows)
    .finally(() => pool.end());
}

describe('PostgreSQL as a local process', () => {
  it('keeps its data, password and port over a restart', async () => {
    const { port, password } = server;
    await server.stop();
    server = await startPostgres({ dataDir, database: 'warehouse' });

    expect(server).toMatchObject({ port, password });
    expect(await query('select id from kept')).toEqual([{ id: 1 }]);
  });

  it('sorts text by code point and survives a crash, like any production server', async () => {
    expect(await query("select current_setting('fsync') as fsync, 'a' > 'B' as sorted")).toEqual([
      { fsync: 'on', sorted: true },
    ]);
  });

  it('does not run as root', () => {
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');

    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0');
  });

  it('is not started twice in one folder', async () => {
    await expect(startPostgres({ dataDir })).rejects.toThrow(`in use by process ${process.pid}`);
  });

  it('tells that it was killed, and starts again from what it had', async () => {
    process.kill(server.pid, 'SIGKILL');
    expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
    server = await startPostgres({ dataDir, database: 'warehouse' });

    expect(await query('select id from kept')).toEqual([{ id: 1 }]);
  });

  it('is killed with a session that is at work, and starts again at once', async () => {
    const work = query('select count(*) from generate_series(1, 1000000000)');
    const failure = expect(work).rejects.toThrow();
    const atWork = "select from pg_stat_activity where state = 'active' and query like '%generate_series(1, 1%'";
    while ((await query(`${atWork} and pid <> pg_backend_pid()`)).length === 0);
    await server.kill();
    await failure;
    server = await startPostgres({ dataDir, database: 'warehouse' });

    expect(await query('select id from kept')).toEqual([{ id: 1 }]);
  });

  it('is taken over from an owner that was killed', async () => {
    await server.stop();
    const owner = execFile(process.execPath, [join(import.meta.dirname, 'support/abandon-postgres.ts'), dataDir]);
    expect(await once(owner, 'exit')).toEqual([null, 'SIGKILL']);
    expect(existsSync(join(dataDir, 'cluster/postmaster.pid'))).toBe(true);
    server = await startPostgres({ dataDir, database: 'warehouse' });

    expect(await query('select id from kept')).toEqual([{ id: 1 }]);
  });

  it('does not mind a lock file whose number now belongs to somebody else', async () => {
    await server.stop();
    writeFileSync(join(dataDir, 'cluster/postmaster.pid'), `${process.pid}\n`);
    server = await startPostgres({ dataDir, database: 'warehouse' });

    expect(await query('select id from kept')).toEqual([{ id: 1 }]);
  });

  it('says why it does not start', async () => {
    await server.stop();
    await expect(startPostgres({ dataDir, settings: { shared_buffers: '1kB' } })).rejects.toThrow(
      /ended with exit code 1:.*shared_buffers/s,
    );
    server = await startPostgres({ dataDir, database: 'warehouse' });
  });
});
