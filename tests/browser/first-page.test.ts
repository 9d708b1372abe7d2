import { registerPipeline, registerSource } from '@pipeline/control';
import { seedHistory } from '../../libs/control/test/history.ts';
import { PIPELINE, SOURCE_DESCRIPTION } from '../../libs/control/test/support.ts';
import { type Dashboard, logIn, openDashboard } from '../support/dashboard.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

/** `FIRST_PAGE_CYCLES=10000` has 500,000 rows of the ledger behind it, and takes minutes to write them. */
const CYCLES = Number(process.env['FIRST_PAGE_CYCLES'] ?? 1_000);
const BATCHES_PER_ATTEMPT = 25;
const START_MS = 120_000;
const SEED_MS = 900_000;
const USABLE_MS = 1_000;
const LOOKS = 5;

describe('the first page', () => {
  let platform: Platform;
  let dashboard: Dashboard;
  beforeAll(async () => {
    platform = await startPlatform({ services: ['scheduler'] });
    dashboard = await openDashboard(platform);
    await logIn(dashboard, platform.apiToken);
  }, START_MS);
  afterAll(async () => {
    await dashboard?.close();
    await platform?.stop();
  }, 60_000);

  it('leads who has nothing configured to the first connection', async () => {
    const { page, base } = dashboard;
    await dashboard.open('/');
    await page.getByRole('heading', { level: 1, name: 'Nothing is connected yet' }).waitFor();
    expect(await page.getByRole('button', { name: 'Run now' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Connect a source' }).click();
    await page.waitForURL(`${base}/connections/new`);
    await page.getByText('No tap has said what it reads').waitFor();
    expect([...(await dashboard.findings()), ...dashboard.complaints()]).toEqual([]);
  });

  it(
    'is usable within a second with a long history behind it, and so are the list of runs and a run',
    async () => {
      const { page, base } = dashboard;
      await seed(platform);
      const run = await platform.database.pool.query<{ id: string }>('select id from pipeline.runs limit 1');
      const pages: [string, string][] = [
        ['/', 'table.pipes tbody tr'],
        ['/runs', 'table.tall tbody tr'],
        [`/runs/${run.rows[0]?.id}`, '.kpis'],
      ];
      for (const [path, sign] of pages) {
        const took: number[] = [];
        for (let look = 0; look < LOOKS; look += 1) {
          const began = performance.now();
          await page.goto(`${base}${path}`, { waitUntil: 'commit' });
          await page.locator(sign).first().waitFor();
          took.push(Math.round(performance.now() - began));
        }
        process.stdout.write(`${path.replace(/[0-9a-f-]{36}/, ':id')} usable after ${took.join(', ')} ms\n`);
        // Others may use the machine: its best look counts.
        expect(Math.min(...took)).toBeLessThan(USABLE_MS);
      }
      expect(dashboard.complaints()).toEqual([]);
    },
    SEED_MS,
  );
});

async function seed({ database: { pool } }: Platform): Promise<void> {
  await registerSource(pool, SOURCE_DESCRIPTION);
  const streams = ['deals', 'owners'].map((name) => ({ name, children: [] }));
  await registerPipeline(pool, { name: PIPELINE, source: 'test', streams });
  await seedHistory(pool, CYCLES, BATCHES_PER_ATTEMPT);
}
