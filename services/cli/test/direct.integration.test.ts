import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createTestVhost, programEnvironment, type TestVhost } from '@pipeline/testing';
import { type ApiServer, startApiServer } from '../../scheduler/test/support/api-server.ts';

const MAIN = join(import.meta.dirname, '../src/main.ts');
const NOWHERE = 'http://127.0.0.1:9';

describe('pipeline without a scheduler', () => {
  let server: ApiServer;
  let vhost: TestVhost;
  beforeAll(async () => {
    server = await startApiServer();
    vhost = await createTestVhost();
  });
  afterAll(async () => {
    await vhost.delete();
    await server.close();
  });

  const run = async (args: string[], environment: Record<string, string> = {}) => {
    const variables = { ...server.database.environment, RABBITMQ_URL: vhost.url, DBT_PYTHON: 'no-such-python' };
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
      env: { ...programEnvironment(), PIPELINE_URL: NOWHERE, ...variables, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { promise, resolve, reject } = Promise.withResolvers<{
      code: number | null;
      stdout: string;
      stderr: string;
    }>();
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk) => {
        output[name] += String(chunk);
      });
    }
    child.on('error', reject).on('close', (code) => resolve({ code, ...output }));
    return promise;
  };
  const findings = async (environment: Record<string, string> = {}) => {
    const { code, stdout } = await run(['--json', 'doctor'], environment);
    const found = JSON.parse(stdout) as { name: string; state: string; text: string; remedy?: string }[];
    return { code, of: (name: string) => found.find((finding) => finding.name === name) };
  };

  it('is examined from here: variables, database, broker, clock, disk and dbt', async () => {
    const { code, of } = await findings();
    expect(code).toBe(3);
    expect(of('scheduler')).toMatchObject({ state: 'fail', remedy: expect.stringContaining('PIPELINE_URL') });
    expect(of('postgresql')).toMatchObject({ state: 'ok', text: expect.stringContaining('may create schemas') });
    expect(of('rabbitmq')).toMatchObject({ state: 'ok', text: expect.stringContaining('as declared') });
    expect([of('clock')?.state, of('disk')?.text]).toEqual(['ok', expect.stringContaining('GB free')]);
    expect(of('dbt')).toMatchObject({ state: 'warn', remedy: expect.stringContaining('DBT_PYTHON') });
  });

  it('says what is wrong and what to do: a variable, a password, a broker that is away', async () => {
    const wrong = await findings({ DB_PORT: 'canary' });
    expect(wrong.of('variables')).toMatchObject({ state: 'fail', text: expect.stringContaining('DB_PORT') });
    const away = await findings({ DB_PASSWORD: 'no such password', RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:9/' });
    expect(away.of('postgresql')).toMatchObject({ state: 'fail', remedy: expect.stringContaining('DB_PASSWORD') });
    expect(away.of('rabbitmq')).toMatchObject({ state: 'fail', remedy: expect.stringContaining('RABBITMQ_URL') });
  });

  it('lets in who may write to the database, and remembers it', async () => {
    const { code, stdout } = await run(['token', 'create', 'lost', '--role', 'admin', '--direct']);
    expect(code).toBe(0);
    const token = stdout.trim();
    expect(await run(['settings'], { PIPELINE_URL: server.url, PIPELINE_TOKEN: token })).toMatchObject({ code: 0 });
    const { rows } = await server.database.pool.query(
      `select actor from pipeline.audit_log where action = 'create-token'`,
    );
    expect(rows).toEqual([{ actor: 'command line' }]);
  });

  it('is examined from here by who has no token, who learns how to get one', async () => {
    const { of } = await findings({ PIPELINE_URL: server.url, PIPELINE_TOKEN: 'wrong' });
    expect(of('scheduler')).toMatchObject({ state: 'fail', remedy: expect.stringContaining('--direct') });
    expect(of('postgresql')).toMatchObject({ state: 'ok' });
  });
});
