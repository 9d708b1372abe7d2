import { waitFor } from '@pipeline/testing';
import { type Dashboard, logIn, openDashboard } from '../support/dashboard.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

const START_MS = 240_000;
const CYCLE_MS = 90_000;

describe('a person steers the platform from the page', () => {
  let platform: Platform;
  let dashboard: Dashboard;
  beforeAll(async () => {
    platform = await startPlatform({ sandbox: { deals: 60 } });
    dashboard = await openDashboard(platform);
    await waitFor(async () => (await platform.cycles()).ended > 0, { timeoutMs: START_MS, what: 'the first cycle' });
    await logIn(dashboard, platform.apiToken);
  }, START_MS + 60_000);
  afterAll(async () => {
    await dashboard?.close();
    await platform?.stop();
  }, 60_000);

  const newestRun = async (pipeline: string) => {
    const { rows } = await platform.database.pool.query<{ id: string }>(
      'select id from pipeline.runs where pipeline = $1 order by started_at desc limit 1',
      [pipeline],
    );
    return rows[0]?.id ?? '';
  };

  it('says that everything is fresh', async () => {
    await dashboard.open('/');
    await dashboard.page.getByRole('heading', { level: 1, name: 'Everything is fresh' }).waitFor();
    expect(await dashboard.page.title()).toBe('✓ pipeline');
  });

  it(
    'runs everything and watches a run to its end',
    async () => {
      const { page } = dashboard;
      const before = await newestRun('pipeline_xero_to_postgres');
      await page.getByRole('button', { name: 'Run now' }).click();
      await page.getByText('Asked for at').waitFor();
      const id = await waitFor(
        async () => {
          const found = await newestRun('pipeline_xero_to_postgres');
          return found === before ? undefined : found;
        },
        { timeoutMs: CYCLE_MS },
      );
      await dashboard.open(`/runs/${id}`);
      await page.getByRole('main').getByText('Loaded', { exact: true }).first().waitFor({ timeout: CYCLE_MS });
      await page.getByRole('button', { name: /^invoices/ }).click();
      await page.getByRole('table', { name: 'Attempts of invoices' }).waitFor();
      expect(dashboard.complaints()).toEqual([]);
    },
    CYCLE_MS * 2,
  );
});
