import type { TestDatabase } from '@pipeline/testing';
import { linkIncidents, listSchemaChanges, listStreamRows, registerPipeline, saveManifest } from '../src/index.ts';
import { controlDatabase, PIPELINE } from './support.ts';

const NODE = { description: '', path: '', sql: null, test: null };

describe('a stream whose table has another schema and another name than the stream', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
    const { pool } = database;
    await registerPipeline(pool, { name: PIPELINE, source: 'test', streams: [{ name: 'deals', children: [] }] });
    await pool.query(
      `insert into pipeline.stream_targets (pipeline, stream, database_schema) values ('${PIPELINE}', 'deals', 'crm')`,
    );
    await pool.query(
      `insert into pipeline.target_tables (database_schema, stream, table_name, key_columns) values ('crm', 'deals', 'sold', '{id}')`,
    );
    await pool.query(
      `insert into pipeline.schema_changes (database_schema, stream, table_name, column_name, change) values ('crm', 'deals', 'sold', 'price', 'add_column')`,
    );
  });
  afterAll(() => database.drop());

  it('is found by its table', async () => {
    const [row] = await listStreamRows(database.pool);
    expect(row).toMatchObject({ stream: 'deals', databaseSchema: 'crm', tableName: 'sold' });
    const page = { schema: row?.databaseSchema ?? null, stream: 'deals', before: null, limit: 10 };
    expect(await listSchemaChanges(database.pool, page)).toMatchObject([{ connection: 'test', table: 'sold' }]);
  });

  it('is the probable cause of what fails in the models of its table', async () => {
    const { pool } = database;
    const source = { ...NODE, id: 'source.p.crm.sold', kind: 'source', name: 'sold', parents: [] };
    const model = { ...NODE, id: 'model.p.prices', kind: 'model', name: 'prices', parents: [source.id] };
    await saveManifest(pool, {
      hash: 'h',
      nodes: [
        { ...source, databaseSchema: 'crm', relation: 'sold' },
        { ...model, databaseSchema: 'analytics', relation: 'prices' },
      ],
    });
    await pool.query(
      `insert into pipeline.incidents (kind, subject, code, severity, title, cause, remedy, effect, pipeline, stream, since, opened_at)
       values ('rejected_records', 'test.deals', 'C', 'warn', 't', 'c', 'r', '', '${PIPELINE}', 'deals', now() - interval '1 hour', now()),
              ('dbt_node', $1, 'C', 'fail', 't', 'c', 'r', '', null, null, now(), now())`,
      [model.id],
    );
    await linkIncidents(pool);
    const { rows } = await pool.query(
      `select c.kind from pipeline.incidents i join pipeline.incidents c on c.id = i.because_of where i.kind = 'dbt_node'`,
    );
    expect(rows).toEqual([{ kind: 'rejected_records' }]);
  });
});
