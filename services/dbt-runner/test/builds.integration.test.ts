import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listNodes, listNodesToRetry, requestBuild } from '@pipeline/control';
import { inTransaction } from '@pipeline/postgres';
import { waitFor } from '@pipeline/testing';
import { faultText } from '../../../tests/fault-texts.ts';
import type { ServiceProcess } from '../../../tests/support/service-process.ts';
import { BUILD_TIMEOUT_MS, type Run, type Scene, UNIQUE_DEALS, useScene } from './support/scene.ts';

const REFERS = `
models:
  - name: deal_names
    columns:
      - name: name
        data_tests:
          - relationships:
              arguments: {to: ref('deals'), field: name}
              config: {severity: warn}
`;
/** A busy machine. */
const LONG = { timeoutMs: BUILD_TIMEOUT_MS };
/** What dbt would replace by the password if it took this for a part of the project. */
const JINJA = "{{env_var('DB_PASSWORD')}}";

describe('a dbt-runner at work', () => {
  const scene = useScene();

  let runner: ServiceProcess;
  beforeAll(async () => {
    runner = await scene.startRunner({ DBT_THREADS: '1' });
  }, BUILD_TIMEOUT_MS);
  afterAll(() => scene.stopRunners(), BUILD_TIMEOUT_MS);

  it('tells the graph of its project before the first build, and the SQL of what it built', async () => {
    const before = await listNodes(scene.pool);
    expect(before.nodes.map(({ id, relation, parents, sql }) => ({ id, relation, parents, sql }))).toEqual([
      { id: 'model.fixture.deal_names', relation: 'deal_names', parents: ['model.fixture.deals'], sql: null },
      { id: 'model.fixture.deals', relation: 'deals', parents: ['source.fixture.hubspot.deals'], sql: null },
      { id: 'model.fixture.invoices', relation: 'invoices', parents: ['source.fixture.xero.invoices'], sql: null },
      { id: 'source.fixture.hubspot.deals', relation: 'deals', parents: [], sql: null },
      { id: 'source.fixture.xero.invoices', relation: 'invoices', parents: [], sql: null },
      { id: UNIQUE_DEALS, relation: null, parents: ['model.fixture.deals'], sql: null },
    ]);
    await scene.ended(await scene.announce('hubspot'));
    const { manifestHash, nodes } = await listNodes(scene.pool);
    expect(manifestHash).toBe(before.manifestHash);
    const byId = new Map(nodes.map((node) => [node.id, node]));
    expect(byId.get('model.fixture.deal_names')?.sql).toContain('select upper(name) as name from "');
    expect(byId.get('source.fixture.hubspot.deals')).toMatchObject({ kind: 'source', databaseSchema: 'hubspot' });
    expect(byId.get(UNIQUE_DEALS)).toMatchObject({ test: { name: 'unique', column: 'id' }, status: 'pass' });
  }, 240_000);

  it('builds what the changed sources feed, stores each node and says so in the same transaction', async () => {
    const cycleId = await scene.announce('hubspot');
    const run = await scene.ended(cycleId);
    expect(run).toMatchObject({ status: 'succeeded', error: null, attempts: 1, sources: ['hubspot'] });
    expect(await scene.results(run)).toEqual({
      'model.fixture.deals': 'success',
      'model.fixture.deal_names': 'success',
      [UNIQUE_DEALS]: 'pass',
    });
    expect((await scene.pool.query('select name from analytics.deal_names order by 1')).rows).toEqual([
      { name: 'BIG' },
      { name: 'SMALL' },
    ]);
    expect(await scene.announcements()).toEqual([
      { type: 'dbt.finished', cycleId, dbtRunId: run.id, outcome: 'succeeded' },
    ]);
  }, 240_000);

  it('needs one session for each thread, not one for each node', async () => {
    await scene.ended(await scene.announce('hubspot'));
    const { rows } = await scene.pool.query<{ nodes: number; sessions: number }>(
      'select count(*)::int as nodes, count(distinct pid)::int as sessions from probe.sessions',
    );
    expect(rows).toEqual([{ nodes: 2, sessions: 1 }]);
  }, 240_000);

  it('builds once for all cycles that are loaded while a build runs', async () => {
    await scene.closeGate();
    const first = await scene.announce('hubspot');
    await scene.building(first);
    const later = [await scene.announce('xero'), await scene.announce('hubspot')];
    await waitFor(
      async () => (await Promise.all(later.map((id) => scene.runOf(id)))).every((run) => run?.status === 'queued'),
      LONG,
    );
    await scene.openGate();
    const runs = [await scene.ended(first), ...(await Promise.all(later.map((id) => scene.ended(id))))];
    expect(runs.map((run) => run.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(new Set(runs.map((run) => run.id)).size).toBe(2);
    expect(runs[1]).toMatchObject({ sources: ['hubspot', 'xero'] });
    expect(await scene.announcements()).toHaveLength(3);
  }, 240_000);

  it('fails the build with the names of the failing nodes, and keeps values of records out of the log', async () => {
    const run = await failedBuild(scene);
    expect(run.error).toMatch(/^2 of 4 nodes failed: .*model\.fixture\.invoices/);
    expect(await scene.results(run)).toMatchObject({
      'model.fixture.invoices': 'error',
      'model.fixture.deals': 'success',
      [UNIQUE_DEALS]: 'fail',
      'model.fixture.deal_names': 'skipped',
    });
    const { rows } = await scene.pool.query(
      `select message from pipeline.dbt_results where unique_id = 'model.fixture.invoices'`,
    );
    expect(rows[0].message).toContain('four thousand');
    expect(await scene.announcements()).toMatchObject([{ outcome: 'failed' }]);
    await waitFor(() => runner.log().includes('dbt build failed'), LONG);
    expect(runner.log()).toContain('model.fixture.invoices');
    expect(runner.log()).not.toContain('four thousand');
  }, 240_000);

  it('builds what failed again at once, with what was skipped because of it, once the data is mended', async () => {
    await failedBuild(scene);
    await scene.pool.query(`delete from xero.invoices where id = '2'; delete from hubspot.deals where name = 'big'`);
    const { failed, skipped, tested } = await listNodesToRetry(scene.pool);
    expect([failed, skipped, tested]).toEqual([
      ['model.fixture.invoices', UNIQUE_DEALS],
      ['model.fixture.deal_names'],
      ['model.fixture.deals'],
    ]);
    const onlyNodes = [...failed, ...skipped, ...tested];
    const id = await inTransaction(scene.pool, (client) =>
      requestBuild(client, { target: 'warehouse', sources: ['hubspot', 'xero'], onlyNodes, by: 'anna' }),
    );
    const run = await scene.finished(id);
    expect(run).toMatchObject({ status: 'succeeded', error: null });
    expect(await scene.results(run)).toMatchObject({ [UNIQUE_DEALS]: 'pass', 'model.fixture.deal_names': 'success' });
  }, 240_000);

  it('says file, line and text of a model that does not compile', async () => {
    const model = join(scene.folder, 'project/models/broken.sql');
    await writeFile(model, 'select 1\n  from {{ ref( }}\n');
    const run = await scene.ended(await scene.announce('hubspot'));
    await rm(model);
    expect(run.status).toBe('failed');
    expect(run.error).toMatch(faultText('modelBroken'));
    await waitFor(() => runner.log().includes('Compilation Error in model broken'), LONG);
  }, 240_000);

  it('tells the graph of a changed project, where relationships lead from the node they are declared at', async () => {
    const { manifestHash } = await listNodes(scene.pool);
    const declared = join(scene.folder, 'project/models/refers.yml');
    await writeFile(declared, REFERS);
    await scene.ended(await scene.announce('hubspot'));
    const changed = await listNodes(scene.pool);
    expect(changed.manifestHash).not.toBe(manifestHash);
    expect(changed.nodes.find(({ test }) => test?.name === 'relationships')).toMatchObject({
      ...{ parents: ['model.fixture.deal_names', 'model.fixture.deals'], status: 'warn' },
    });
    await rm(declared);
    await scene.ended(await scene.announce('hubspot'));
    expect((await listNodes(scene.pool)).manifestHash).toBe(manifestHash);
  }, 240_000);

  it('builds only the nodes that were asked for, and what depends on them, until a cycle asks for more', async () => {
    const ask = (onlyNodes: string[]) =>
      inTransaction(scene.pool, (client) =>
        requestBuild(client, { target: 'warehouse', sources: ['hubspot', 'xero'], onlyNodes, by: 'anna' }),
      );
    const built = async (id: string) => {
      return Object.keys(await scene.results(await scene.finished(id))).sort();
    };
    await scene.ended(await scene.announce('hubspot'));
    expect(await built(await ask(['model.fixture.deal_names']))).toEqual(['model.fixture.deal_names']);
    expect(await built(await ask(['model.fixture.deals']))).toEqual([
      ...['model.fixture.deal_names', 'model.fixture.deals', UNIQUE_DEALS],
    ]);
    expect(await built(await ask([UNIQUE_DEALS]))).toEqual([UNIQUE_DEALS]);
    await scene.closeGate();
    const first = await scene.announce('hubspot');
    await scene.building(first);
    const waiting = await ask(['model.fixture.invoices']);
    const second = await scene.announce('hubspot');
    await waitFor(async () => (await scene.runOf(second))?.id === waiting, LONG);
    await scene.openGate();
    await scene.ended(first);
    expect(await built(waiting)).toContain('model.fixture.deals');
  }, 240_000);

  it('takes Jinja in a message, in a request and in a record for text', async () => {
    const cycleId = await scene.announce(JINJA);
    await waitFor(() => runner.log().includes(cycleId), { timeoutMs: BUILD_TIMEOUT_MS, what: 'a dead letter' });
    expect(await scene.runOf(cycleId)).toBeUndefined();
    await scene.pool.query('insert into hubspot.deals values ($1, $1)', [JINJA]);
    const wish = { target: 'warehouse', sources: [JINJA, 'hubspot'], onlyNodes: null, by: 'anna' };
    const id = await inTransaction(scene.pool, (client) => requestBuild(client, wish));
    const { error, sources } = await scene.finished(id);
    const { rows } = await scene.pool.query('select id from analytics.deals order by 1 desc');
    expect(rows).toEqual([JINJA, '2', '1'].map((deal) => ({ id: deal })));
    expect({ error, sources }).toEqual({ error: null, sources: expect.arrayContaining([JINJA]) });
  }, 240_000);

  it('succeeds with nothing to do for a source that no model reads', async () => {
    const run = await scene.ended(await scene.announce('unknown'));
    expect(run.status).toBe('succeeded');
    expect(await scene.results(run)).toEqual({});
  }, 240_000);
});

/** A model that breaks, and a test that fails with a model behind it. */
async function failedBuild(scene: Scene): Promise<Run> {
  await scene.pool.query(
    `insert into xero.invoices values ('2', 'four thousand'); insert into hubspot.deals values ('1', 'big')`,
  );
  const run = await scene.ended(await scene.announce('hubspot', 'xero'));
  expect(run.status).toBe('failed');
  return run;
}
