import type { Pool } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import type { Claim } from '../src/index.ts';
import {
  type BatchOptions,
  claim,
  controlDatabase,
  endCycles,
  loadBatch,
  PIPELINE,
  publishedTypes,
  startTasks,
} from './support.ts';

export const deals = { pipeline: PIPELINE, stream: 'deals', actor: 'operator' };
export const bookmarked = (at: string) => ({ bookmarks: { deals: { at } } });

export interface OperatorFixture {
  readonly pool: Pool;
  query: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** A task of `deals` that a tap has claimed. */
  liveClaim: () => Promise<Claim>;
  load: (task: Claim, options: BatchOptions) => ReturnType<typeof loadBatch>;
}

/** A control database for the tests of this file; after each one, nothing is violated, and what it made is removed. */
export function useControlDatabase(): OperatorFixture {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
  });
  const query = async (text: string, values: unknown[] = []) => (await database.pool.query(text, values)).rows;
  afterEach(async () => {
    expect(await query('select * from pipeline.violations')).toEqual([]);
    await endCycles(database.pool);
    for (const table of ['states', 'dead_letters', 'audit_log']) await query(`delete from pipeline.${table}`);
    await query('update pipeline.pipelines set paused = false, requested_at = null');
    await publishedTypes(database.pool);
  });
  afterAll(() => database.drop());
  return {
    get pool() {
      return database.pool;
    },
    query,
    liveClaim: async () => claim(database.pool, (await startTasks(database.pool, 'deals')).get('deals')),
    load: (task, options) => loadBatch(database.pool, task, options),
  };
}
