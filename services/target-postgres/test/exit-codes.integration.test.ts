import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@pipeline/local-stack';
import { createTestDatabase, type TestDatabase } from '@pipeline/testing';
import { runInProcess } from './in-process.ts';

const MAIN = join(import.meta.dirname, '../src/main.ts');
const SCHEMA =
  '{"type":"SCHEMA","stream":"s","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":["id"]}';
const INPUT = Buffer.from(`${SCHEMA}\n{"type":"RECORD","stream":"s","record":{"id":1}}\n`);
const LIMITED = 'target_without_rights';

describe('the exit code of target-postgres', () => {
  let database: TestDatabase;
  const folder = mkdtempSync(join(tmpdir(), 'exit-codes-'));
  const config = () => {
    const { host, port, user, password, database: dbname } = database.options;
    return { host, port, user, password, dbname };
  };
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.pool.query(
      `do $$ begin create role ${LIMITED} login password 'x'; exception when duplicate_object then null; end $$`,
    );
  }, 60_000);
  afterAll(async () => {
    await database?.drop();
    rmSync(folder, { recursive: true });
  });

  it('is 75 when nobody listens, and says so', async () => {
    const run = await runInProcess({ ...config(), port: await freePort() }, INPUT);
    expect(run).toMatchObject({ exitCode: 75, log: expect.stringContaining('nobody listens at its address') });
  });

  it('is 78 when there is no such database', async () => {
    const run = await runInProcess({ ...config(), dbname: 'there_is_none' }, INPUT);
    expect(run).toMatchObject({ exitCode: 78, log: expect.stringContaining('check "dbname"') });
  });

  it('is 78 when the role may not create what it needs', async () => {
    const run = await runInProcess({ ...config(), user: LIMITED, password: 'x' }, INPUT);
    expect(run).toMatchObject({ exitCode: 78, log: expect.stringContaining('grant the role CREATE') });
  });

  it('is 78 when the password is wrong, and says no password', async () => {
    await database.pool.query(`
      do $$ begin create role target_with_password login password 'right'; exception when duplicate_object then null; end $$`);
    const run = await runInProcess({ ...config(), user: 'target_with_password', password: 'wrong' }, INPUT);
    expect(run).toMatchObject({ exitCode: 78, log: expect.stringContaining('check "user" and "password"') });
    expect(run.log).not.toContain('wrong');
  });

  it('is 141 when nobody reads its output any more, without a stack trace', async () => {
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify({ ...config(), flush_seconds: 0.1, table_changed: 'accept' }));
    const child = spawn(process.execPath, [MAIN, '--config', file], { stdio: 'pipe' });
    let log = '';
    child.stderr.on('data', (data) => {
      log += String(data);
    });
    child.stdin.on('error', () => undefined);
    child.stdout.destroy();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const timer = setInterval(
      () => child.stdin.write(`${SCHEMA.replace('"s"', '"u"')}\n{"type":"STATE","value":{"n":1}}\n`),
      50,
    );
    const exitCode = await ended;
    clearInterval(timer);
    expect({ exitCode, log }).toEqual({ exitCode: 141, log });
    expect(log).not.toMatch(/EPIPE|at .*\.ts/);
  });
});
