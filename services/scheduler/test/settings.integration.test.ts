import { listPipelines, liveCycle, storeSetting } from '@pipeline/control';
import { PIPELINE } from '../../../libs/control/test/support.ts';
import { advance } from '../src/cycle.ts';
import { type ApiServer, logger, startApiServer } from './support/api-server.ts';

describe('a setting of the page', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
    await server.database.pool.query(
      `insert into pipeline.cycles (status, pipelines, started_at, finished_at)
       values ('succeeded', array[$1], clock_timestamp() - interval '60 seconds', clock_timestamp() - interval '30 seconds')`,
      [PIPELINE],
    );
  });
  afterAll(() => server.close());

  const set = (name: string, value: string | null) => server.call('PUT', `/settings/${name}`, { body: { value } });
  const step = () => advance({ pool: server.database.pool, logger, config: server.settings.config }, true);

  it('is what the schedule goes by from then on, until it is taken back', async () => {
    expect((await listPipelines(server.database.pool))[0]?.isAlive).toBe(true);
    await step();
    expect(await liveCycle(server.database.pool)).toBeUndefined();
    expect((await set('PIPELINE_INTERVAL_SECONDS', '10')).status).toBe(200);
    expect(server.settings.intervalSeconds).toBe(10);
    await step();
    expect(await liveCycle(server.database.pool)).toMatchObject({ pipelines: [PIPELINE] });
    await set('PIPELINE_INTERVAL_SECONDS', null);
    expect(server.settings.intervalSeconds).toBe(300);
  });

  it('says when the next cycle comes', async () => {
    await server.database.pool.query(
      `update pipeline.cycles set status = 'succeeded', finished_at = clock_timestamp() where finished_at is null`,
    );
    await set('PIPELINE_INTERVAL_SECONDS', '7200');
    const { now, nextCycleAt } = (await server.call('GET', '/now')).json;
    expect(Date.parse(nextCycleAt) - Date.parse(now)).toBeGreaterThan(7_100_000);
    await set('PIPELINE_INTERVAL_SECONDS', null);
  });

  it('is refused where it makes no sense, and gives way to a variable', async () => {
    expect(await set('PIPELINE_INTERVAL_SECONDS', 'soon')).toMatchObject({ status: 400 });
    expect((await set('DB_HOST', 'elsewhere')).json.error.code).toBe('SETTING_LOCKED');
    await storeSetting(server.database.pool, 'PIPELINE_CONCURRENCY', '7', 'anna');
    await server.settings.refresh();
    expect(server.settings.config.PIPELINE_CONCURRENCY).toBe(1);
  });
});
