import { liveCycle, migrateControl, registerPipeline } from '@pipeline/control';
import type { Logger } from '@pipeline/protocol';
import { createTestDatabase, type TestDatabase } from '@pipeline/testing';
import { advance } from '../src/cycle.ts';

const PIPELINE = 'pipeline_hubspot_to_postgres';
const logger: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger };
const config = {
  PIPELINE_INTERVAL_SECONDS: 0,
  PIPELINE_NAMES: ['hubspot'],
  PIPELINE_CONCURRENCY: 1,
  DBT_TIMEOUT_SECONDS: 60,
};

describe('a cycle', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await migrateControl(database.pool);
    await registerPipeline(database.pool, { name: PIPELINE, source: 'hubspot', streams: [] });
  });
  afterAll(() => database.drop());

  const begin = () => advance({ pool: database.pool, logger, config }, true);

  it('does not begin while every pipeline that is named is paused, and begins when one is not', async () => {
    await database.pool.query('update pipeline.pipelines set paused = true');
    await begin();
    expect(await liveCycle(database.pool)).toBeUndefined();
    await database.pool.query('update pipeline.pipelines set paused = false');
    await begin();
    expect(await liveCycle(database.pool)).toMatchObject({ pipelines: [PIPELINE] });
  });
});
