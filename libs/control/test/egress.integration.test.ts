import type { TestDatabase } from '@pipeline/testing';
import { listAccountEgress, prune, saveProgress } from '../src/index.ts';
import { claim, controlDatabase, endCycles, PIPELINE, startTasks } from './support.ts';

const PROGRESS = {
  ...{
    rowsRead: 1,
    requests: 1,
    requestsFailed: 0,
    waitingFor: null,
    waitingUntil: null,
    windowFrom: null,
    windowTo: null,
  },
};

describe('what an account has sent its reads', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
  });
  afterEach(async () => {
    await endCycles(database.pool);
    await database.pool.query('truncate pipeline.egress_days');
  });
  afterAll(() => database.drop());

  const attempt = async (stream: string) => {
    const tasks = await startTasks(database.pool, stream);
    const { epoch } = await claim(database.pool, tasks.get(stream));
    return (received: number | Record<string, number>) => {
      const receivedBytes = new Map(typeof received === 'number' ? [['', received]] : Object.entries(received));
      return saveProgress(database.pool, epoch, { ...PROGRESS, receivedBytes });
    };
  };
  const egress = () => listAccountEgress(database.pool);

  it('is added up over attempts, each byte once however often its progress is written', async () => {
    const first = await attempt('deals');
    await first(0);
    expect(await egress()).toEqual([]);
    for (const bytes of [100, 100, 250, 250]) await first(bytes);
    await endCycles(database.pool);
    const second = await attempt('deals');
    await second(4_000_000_000);
    expect(await egress()).toEqual([{ pipeline: PIPELINE, account: '', today: 4_000_000_250, month: 4_000_000_250 }]);
  });

  it('is told for each organisation by itself, largest first', async () => {
    const save = await attempt('deals');
    await save({ north: 5 });
    await save({ north: 7, south: 100 });
    await save({ north: 7, south: 101 });
    expect((await egress()).map(({ account, month }) => [account, month])).toEqual([
      ['south', 101],
      ['north', 7],
    ]);
  });

  it('stays when the attempts go with their cycle, and goes after more than a year', async () => {
    const save = await attempt('deals');
    await save(100);
    await database.pool.query(
      `insert into pipeline.egress_days (pipeline, day, bytes) select $1, (now() at time zone 'utc')::date - days, 7 from unnest(array[300, 500]) as days`,
      [PIPELINE],
    );
    await database.pool.query('delete from pipeline.cycles');
    await prune(database.pool);
    const { rows } = await database.pool.query('select bytes::int from pipeline.egress_days order by day');
    expect(rows).toEqual([{ bytes: 7 }, { bytes: 100 }]);
  });

  it('is told by UTC day and month', async () => {
    await database.pool.query(
      `insert into pipeline.egress_days (pipeline, day, bytes)
       select $1, day, bytes from (select (clock_timestamp() at time zone 'utc')::date as today) as clock,
         lateral (values (today, 5), (date_trunc('month', today::timestamp)::date, 70),
           (date_trunc('month', today::timestamp)::date - 1, 900)) as counts (day, bytes)
       on conflict do nothing`,
      [PIPELINE],
    );
    const isFirst = new Date().getUTCDate() === 1;
    expect(await egress()).toEqual([{ pipeline: PIPELINE, account: '', today: 5, month: isFirst ? 5 : 75 }]);
  });
});
