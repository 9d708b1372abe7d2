import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askForColumns, registerPipeline } from '@pipeline/control';
import { programEnvironment, waitFor } from '@pipeline/testing';
import { seedHistory } from '../../../libs/control/test/history.ts';
import { PIPELINE } from '../../../libs/control/test/support.ts';
import { type ApiServer, startApiServer } from '../../scheduler/test/support/api-server.ts';

const MAIN = join(import.meta.dirname, '../src/main.ts');

describe('pipeline', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
    await seedHistory(server.database.pool, 10);
  });
  afterAll(() => server.close());

  const run = (commandLine: string, options: { token?: string; url?: string } = {}) =>
    new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
      const env = {
        ...programEnvironment(),
        PIPELINE_URL: options.url ?? server.url,
        PIPELINE_TOKEN: options.token ?? server.tokens.admin,
      };
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', MAIN, ...commandLine.split(' ')],
        { env, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk) => {
        stdout += chunk;
      });
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });

  it('says with its exit code what a script has to know', async () => {
    expect(await run('status', { url: 'http://127.0.0.1:1' })).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('PIPELINE_URL'),
    });
    expect(await run('runs', { token: 'wrong' })).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('NOT_LOGGED_IN'),
    });
    expect(await run('pause test', { token: server.tokens.viewer })).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('ROLE_TOO_LOW'),
    });
    expect(await run('nonsense')).toMatchObject({ code: 2 });
    expect(await run('pause nobody')).toMatchObject({ code: 2, stderr: expect.stringContaining('UNKNOWN_PIPELINE') });
    // No scheduler leads in this test, and that is what the verdict is.
    expect(await run('status')).toMatchObject({ code: 3, stdout: expect.stringContaining('Nothing runs') });
  });

  it("prints the API's response with --json, and lines for people without", async () => {
    const { stdout } = await run('--json runs --limit 3');
    expect(JSON.parse(stdout).items).toHaveLength(3);
    expect((await run('streams deals')).stdout).toContain('test.deals');
    expect(JSON.parse((await run('--json audit')).stdout).items).toEqual(expect.any(Array));
  });

  it('asks before what costs something, and without a terminal wants it said', async () => {
    const refused = await run('refresh test.deals');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await run('--yes refresh test.deals')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('from its beginning'),
    });
    expect(await run('state reset test.deals')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--expect deals'),
    });
    expect(await run('state reset test.deals --expect deals')).toMatchObject({ code: 0 });
  });

  it('allows the new columns that a stream was stopped for, and nothing when it was not', async () => {
    const { pool } = server.database;
    const allow = () => run('--yes allow-columns test.deals');
    expect(await allow()).toMatchObject({ stderr: expect.stringContaining('NO_COLUMNS_ASKED') });
    // It is read together with deals.
    await askForColumns(pool, { pipeline: PIPELINE, stream: 'deals_companies' }, 1_000);
    expect(await allow()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('deals_companies may have 1000 columns: a run is asked for'),
    });
    expect(await askForColumns(pool, { pipeline: PIPELINE, stream: 'deals_companies' }, 1_000)).toBe(true);
    expect(await askForColumns(pool, { pipeline: PIPELINE, stream: 'deals_companies' }, 1_001)).toBe(false);
  });

  it('pauses with a reason, asks for runs of streams, and makes tokens', async () => {
    expect(await run('pause test --reason maintenance')).toMatchObject({ code: 0 });
    const { rows } = await server.database.pool.query(
      'select paused_by, pause_reason from pipeline.pipelines where name = $1',
      [PIPELINE],
    );
    expect(rows).toEqual([{ paused_by: 'admin', pause_reason: 'maintenance' }]);
    expect(await run('resume')).toMatchObject({ code: 0 });
    expect(await run('run test.owners')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('starts when no cycle is live'),
    });
    const made = await run('token create grafana --role viewer');
    expect(await run('runs', { token: made.stdout.trim() })).toMatchObject({ code: 0 });
  });

  it('completes in a real bash', async () => {
    const script = `pipeline() { "${process.execPath}" --disable-warning=ExperimentalWarning "${MAIN}" "$@"; }
      source <(pipeline completion bash); COMP_WORDS=(pipeline refresh test.deals_); COMP_CWORD=2; _pipeline; echo "\${COMPREPLY[@]}"`;
    const env = { ...programEnvironment(), PIPELINE_URL: server.url, PIPELINE_TOKEN: server.tokens.viewer };
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { env });
    expect(stdout.trim()).toBe('test.deals_companies');
  });

  it('ends in silence when nobody reads on', async () => {
    const script = `"${process.execPath}" "${MAIN}" completion bash | true; exit "\${PIPESTATUS[0]}"`;
    const env = { ...programEnvironment(), NODE_OPTIONS: '--disable-warning=ExperimentalWarning' };
    expect(await promisify(execFile)('bash', ['-c', script], { env })).toEqual({ stdout: '', stderr: '' });
  });

  it('completes commands and names that there are', async () => {
    expect((await run('__complete')).stdout).toContain('quarantine');
    expect((await run('__complete refresh')).stdout).toContain('test.deals_companies');
    expect((await run('__complete --json state')).stdout.trim()).toBe('get history set reset');
    expect((await run('__complete state get')).stdout).toContain('test.deals');
    expect((await run('__complete pause')).stdout.trim()).toBe('test --reason --until');
  });

  it('prints one JSON document for a run of several pipelines that it waits for', async () => {
    const { pool } = server.database;
    const names = [PIPELINE, 'pipeline_other_to_postgres'];
    await registerPipeline(pool, { name: 'pipeline_other_to_postgres', source: 'other', streams: [] });
    const printed = run('--json run test other --wait');
    const isRequested = async () => {
      const { rows } = await pool.query(
        'select from pipeline.pipelines where name = any ($1) and requested_at is not null',
        [names],
      );
      return rows.length === names.length;
    };
    await waitFor(isRequested, { what: 'both requests' });
    await pool.query(
      `with cycle as (insert into pipeline.cycles (status, pipelines, finished_at) values ('failed', $1, now()) returning id)
       insert into pipeline.runs (cycle_id, pipeline, source, status, finished_at)
       select id, name, name, case when name = $2 then 'loaded' else 'failed' end, now() from cycle, unnest($1::text[]) name`,
      [names, PIPELINE],
    );
    const { code, stdout } = await printed;
    expect(code).toBe(1);
    const { requested, ended } = JSON.parse(stdout);
    expect(requested).toHaveLength(2);
    expect(ended).toEqual(
      expect.arrayContaining([
        { connection: 'test', outcome: expect.objectContaining({ state: 'loaded' }) },
        { connection: 'other', outcome: expect.objectContaining({ state: 'failed' }) },
      ]),
    );
  });
});
