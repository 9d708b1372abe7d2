import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChaosProxy, createTestDatabase, type TestDatabase, waitFor } from '@pipeline/testing';

const MAIN = join(import.meta.dirname, '../src/main.ts');
const SCHEMA =
  '{"type":"SCHEMA","stream":"s","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":["id"]}';
const record = (id: number) => `{"type":"RECORD","stream":"s","record":{"id":${id}}}`;
const state = (id: number) => `{"type":"STATE","value":{"id":${id}}}`;
const STOP_MS_MAX = 10_000;

describe('a target that waits for PostgreSQL', () => {
  let database: TestDatabase;
  let proxy: ChaosProxy;
  const folder = mkdtempSync(join(tmpdir(), 'interruption-'));
  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await ChaosProxy.start(database.options);
  }, 60_000);
  afterAll(async () => {
    await proxy?.close();
    await database?.drop();
    rmSync(folder, { recursive: true });
  });

  it('ends with 143 within ten seconds of a SIGTERM, and has told no STATE that is not committed', async () => {
    const { user, password, database: dbname } = database.options;
    const file = join(folder, 'config.json');
    const settings = {
      host: proxy.host,
      port: proxy.port,
      user,
      password,
      dbname,
      sslmode: 'disable',
      flush_seconds: 0.1,
    };
    writeFileSync(file, JSON.stringify(settings));
    const child = spawn(process.execPath, [MAIN, '--config', file], { stdio: 'pipe' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    let [states, log] = ['', ''];
    child.stdout.on('data', (data) => {
      states += String(data);
    });
    child.stderr.on('data', (data) => {
      log += String(data);
    });
    child.stdin.write(`${[SCHEMA, record(1), state(1)].join('\n')}\n`);
    await waitFor(() => states !== '', { timeoutMs: 30_000, what: 'the first STATE' });
    proxy.set({ kind: 'cut', bytes: 0, direction: 'to-server' });
    proxy.reset();
    child.stdin.write(`${[record(2), state(2)].join('\n')}\n`);
    await waitFor(() => log.includes('waits for PostgreSQL'), { timeoutMs: 30_000, what: 'that it waits' });
    const askedAt = performance.now();
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    expect(performance.now() - askedAt).toBeLessThan(STOP_MS_MAX);
    expect(states).toBe('{"id":1}\n');
    const { rows } = await database.pool.query('select id from s order by id');
    expect(rows).toEqual([{ id: '1' }]);
  }, 90_000);
});
