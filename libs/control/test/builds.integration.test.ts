import { inTransaction } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import {
  claimDbtRun,
  finishDbtRun,
  insertConnection,
  listNodes,
  listNodesToRetry,
  registerPipeline,
  relayOutbox,
  requestBuild,
  saveManifest,
} from '../src/index.ts';
import { controlDatabase } from './support.ts';

const TARGET = 'warehouse';
const node = (id: string, parents: string[], of: Partial<{ databaseSchema: string; relation: string }> = {}) => ({
  ...{ id, kind: id.split('.')[0] ?? '', name: id.split('.')[2] ?? '', description: '', path: '' },
  ...{ databaseSchema: null, relation: null, parents, sql: null, test: null },
  ...of,
});
const SOURCE = 'source.p.crm_two.deals_table';
const NODES = [
  node(SOURCE, [], { databaseSchema: 'crm_two', relation: 'deals_table' }),
  node('model.p.deals', [SOURCE]),
  node('test.p.unique_deals.1', ['model.p.deals']),
  node('model.p.deal_names', ['model.p.deals']),
  node('model.p.invoices', []),
];

describe('builds', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
    await saveManifest(database.pool, { hash: 'one', nodes: NODES });
  });
  afterAll(() => database.drop());

  const request = (onlyNodes: string[] | null) =>
    inTransaction(database.pool, (client) =>
      requestBuild(client, { target: TARGET, sources: ['test'], onlyNodes, by: 'anna' }),
    );
  const build = async (statuses: Record<string, string>) => {
    await request(null);
    const claim = await claimDbtRun(database.pool, { target: TARGET, claimedBy: 'a runner' });
    if (claim === undefined) throw new Error('nothing to claim');
    const results = Object.entries(statuses).map(([uniqueId, status]) => ({
      ...{ uniqueId, status, seconds: 1, failures: null, message: null, reason: null },
    }));
    await finishDbtRun(database.pool, claim, { outcome: 'failed', error: 'a test failed', results });
  };

  it('are retried with what was skipped because of a failed test, and without what another build mended since', async () => {
    await build({
      'model.p.deals': 'success',
      'test.p.unique_deals.1': 'fail',
      'model.p.deal_names': 'skipped',
      'model.p.invoices': 'error',
    });
    expect(await listNodesToRetry(database.pool)).toEqual({
      failed: ['model.p.invoices', 'test.p.unique_deals.1'],
      skipped: ['model.p.deal_names'],
      tested: ['model.p.deals'],
    });
    await build({ 'model.p.invoices': 'success' });
    expect((await listNodesToRetry(database.pool)).failed).toEqual(['test.p.unique_deals.1']);
    await build({ 'test.p.unique_deals.1': 'pass', 'model.p.deal_names': 'success' });
    expect(await listNodesToRetry(database.pool)).toEqual({ failed: [], skipped: [], tested: [] });
  });

  it('wake the dbt-runner when a person asks for one', async () => {
    const id = await request(['model.p.deals']);
    const sent: object[] = [];
    await relayOutbox(
      database.pool,
      async ({ routingKey, body }) => void sent.push({ routingKey, ...JSON.parse(body) }),
    );
    expect(sent).toContainEqual({ routingKey: 'dbt.requested', type: 'dbt.requested', dbtRunId: id });
  });

  it('read a table that belongs to the connection whose schema it is in, and to the stream that it holds', async () => {
    const name = 'pipeline_second_to_postgres';
    await inTransaction(database.pool, (client) =>
      insertConnection(client, {
        ...{ name: 'second', source: 'test', settings: {}, secrets: null, selection: { select: null } },
        targetSchema: 'crm_two',
      }),
    );
    await registerPipeline(database.pool, { name, source: 'test', streams: [{ name: 'deals', children: [] }] });
    await database.pool.query(
      `insert into pipeline.target_tables (database_schema, stream, table_name, key_columns) values ('crm_two', 'deals', 'deals_table', '{id}')`,
    );
    const { nodes } = await listNodes(database.pool);
    expect(nodes.find(({ id }) => id === SOURCE)).toMatchObject({
      ...{ connection: 'second', pipelines: [name], stream: 'deals' },
    });
    expect(nodes.find(({ id }) => id === 'model.p.deals')).toMatchObject({
      connection: null,
      pipelines: [],
      stream: null,
    });
  });
});
