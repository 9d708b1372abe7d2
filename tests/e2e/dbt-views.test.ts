import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonSchema } from '@pipeline/singer';
import { type TestDatabase, waitFor } from '@pipeline/testing';
import {
  createLoader,
  createWarehouseDatabase,
  type Loader,
  schemaOf,
} from '../../libs/warehouse/test/support/loading.ts';
import { runDbt } from '../support/run-dbt.ts';

const MODELS = {
  'stg_orders.sql': `select id, amount from source.orders`,
  'big_orders.sql': `select id, amount from {{ ref('stg_orders') }} where amount is not null`,
  'orders_copy.sql': `{{ config(materialized='table') }} select * from {{ ref('big_orders') }}`,
};
const PROJECT = `name: views\nversion: "1.0.0"\nconfig-version: 2\nprofile: pipeline\nmodel-paths: ["models"]\nmodels:\n  views:\n    +materialized: view\n`;
const DBT_MS = 120_000;

/** Each holds all values of those before it. */
const STEPS: { schema: JsonSchema; value: number | string | object; type: string }[] = [
  { schema: { type: ['null', 'number'] }, value: 2.5, type: 'numeric' },
  { schema: { type: ['null', 'string'] }, value: 'three', type: 'text' },
  { schema: { type: ['null', 'object'] }, value: { four: 4 }, type: 'jsonb' },
];

describe("a column under dbt's views", () => {
  let database: TestDatabase;
  let loaders: Loader[];
  let project: string;
  beforeAll(async () => {
    database = await createWarehouseDatabase();
    loaders = [createLoader(database), createLoader(database)];
    project = mkdtempSync(join(tmpdir(), 'dbt-views-'));
    mkdirSync(join(project, 'models'));
    writeFileSync(join(project, 'dbt_project.yml'), PROJECT);
    for (const [file, sql] of Object.entries(MODELS)) writeFileSync(join(project, 'models', file), sql);
  });
  afterAll(async () => {
    await Promise.all((loaders ?? []).map((loader) => loader.close()));
    await database?.drop();
    rmSync(project, { recursive: true, force: true });
  });

  const load = (loader: number, sequence: number, amount: JsonSchema, value: number | string | object | null) =>
    loaders[loader]?.load(
      schemaOf('orders', { id: { type: 'integer' }, amount }),
      [{ id: sequence, amount: value as never }],
      BigInt(sequence),
    );
  const dbtRun = () => runDbt(database, project, 'run');

  it(
    'is widened while dbt builds them again and again: both succeed, and every view shows every value',
    async () => {
      await load(0, 1, { type: ['null', 'integer'] }, 1);
      expect(await dbtRun()).toBe('succeeded');
      for (const [index, { schema, value, type }] of STEPS.entries()) {
        let isBuilding = true;
        const building = dbtRun().finally(() => {
          isBuilding = false;
        });
        // A wider schema in the middle of the build, then rows of either loader until it is over.
        let sequence = (index + 1) * 1_000;
        for (let widened = false; isBuilding || !widened; widened = true) {
          sequence += 1;
          const result = await load(sequence % 2, sequence, schema, value);
          expect(result?.rejected).toEqual([]);
        }
        expect(await building).toBe('succeeded');
        const { rows } = await database.pool.query(
          `select pg_typeof(amount)::text as type, (select count(*) from source.orders) = (select count(*) from analytics.big_orders) as "isWhole"
           from analytics.big_orders limit 1`,
        );
        expect(rows).toEqual([{ type, isWhole: true }]);
      }
    },
    (STEPS.length + 1) * DBT_MS,
  );

  it('keeps the definition that a view got just before the change', async () => {
    const prices = (type: 'integer' | 'number') =>
      schemaOf('prices', { id: { type: 'integer' }, v: { type: ['null', type] } });
    await loaders[0]?.load(prices('integer'), [{ id: 1, v: 1 }], 1n);
    await database.pool.query('create schema other; create view other.price as select v from source.prices');
    const dbt = await database.pool.connect();
    try {
      // What dbt does for a view: the new one under another name, then it takes the place of the old one.
      await dbt.query('begin');
      await dbt.query('create view other.price_new as select v, id from source.prices');
      await dbt.query('alter view other.price rename to price_old');
      await dbt.query('alter view other.price_new rename to price');
      await dbt.query('drop view other.price_old');
      const widening = loaders[0]?.load(prices('number'), [{ id: 2, v: 2.5 }], 2n);
      await untilBlocked(database);
      await dbt.query('commit');
      await widening;
      const { fields, rows } = await database.pool.query('select * from other.price order by id');
      expect(fields.map(({ name }) => name)).toEqual(['v', 'id']);
      expect(rows).toHaveLength(2);
    } finally {
      dbt.release();
    }
  });
});

/** Some session waits for a lock. */
async function untilBlocked({ pool }: TestDatabase): Promise<void> {
  await waitFor(async () => {
    const { rows } = await pool.query(
      'select from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
    );
    return rows.length > 0;
  });
}
