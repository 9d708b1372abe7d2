import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestDatabase } from '@pipeline/testing';
import { createWarehouse } from '@pipeline/warehouse';
import { createWarehouseDatabase } from '../../libs/warehouse/test/support/loading.ts';
import { tap } from '../../services/tap-hubspot/src/tap.ts';
import { runDbt } from '../support/run-dbt.ts';

const PROJECT = join(import.meta.dirname, '../../dbt');
const SELECTED = ['owners', 'deals'];
const DBT_MS = 240_000;

describe('dbt with a selection of two streams', () => {
  let database: TestDatabase;
  let target: string;

  beforeAll(async () => {
    database = await createWarehouseDatabase();
    target = mkdtempSync(join(tmpdir(), 'dbt-target-'));
    const warehouse = createWarehouse({ pool: database.pool });
    for (const { name, schema, keyProperties } of tap.streams.filter((stream) => SELECTED.includes(stream.name))) {
      const message = { type: 'SCHEMA' as const, stream: name, schema, key_properties: [...keyProperties] };
      await warehouse.prepare(message, { databaseSchema: 'hubspot' });
    }
  });
  afterAll(async () => {
    await database?.drop();
    rmSync(target, { recursive: true, force: true });
  });

  it(
    'builds every model of every source: those of streams without a table are empty',
    async () => {
      const paths = ['--target-path', target, '--log-path', target];
      expect(await runDbt(database, PROJECT, 'build', ...paths)).toBe('succeeded');
      const { rows } = await database.pool.query<{ schema: string; made: number }>(
        `select schemaname as schema, count(*)::int as made from pg_views where schemaname like 'analytics\\_%' group by 1 order by 1`,
      );
      const files = globSync('models/*/*.sql', { cwd: PROJECT }).map((path) => path.split('/')[1]);
      const schemas = [...new Set(files)].sort();
      expect(rows).toEqual(
        schemas.map((source) => ({
          schema: `analytics_${source}`,
          made: files.filter((one) => one === source).length,
        })),
      );
    },
    DBT_MS,
  );
});
