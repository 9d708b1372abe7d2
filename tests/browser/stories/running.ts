import { atRest, CYCLE_MS, newerRun, newestRun, type Scene } from './scene.ts';

const XERO = 'pipeline_xero_to_postgres';
const HOUR_SECONDS = 3_600;

/** Runs: watched to the end, cancelled, ended by a daily limit. */
export function tellRunning(scene: Scene): void {
  it('says that everything is fresh', async () => {
    const { dashboard } = scene;
    await dashboard.open('/');
    await dashboard.page.getByRole('heading', { level: 1, name: 'Everything is fresh' }).waitFor();
    expect(await dashboard.page.title()).toBe('✓ pipeline');
  });

  it(
    'runs everything and watches a run to its end',
    async () => {
      const { page } = scene.dashboard;
      const before = await newestRun(scene.platform, XERO);
      await page.getByRole('button', { name: 'Run now' }).click();
      await page.getByText('Asked for at').waitFor();
      await scene.dashboard.open(`/runs/${await newerRun(scene, XERO, before)}`);
      await page.getByRole('main').getByText('Loaded', { exact: true }).first().waitFor({ timeout: CYCLE_MS });
      await page.getByRole('button', { name: /^invoices/ }).click();
      await page.getByRole('table', { name: 'Attempts of invoices' }).waitFor();
      await atRest(scene);
    },
    CYCLE_MS * 2,
  );

  it(
    'cancels a run that hangs at its source, after a question whose first button does nothing',
    async () => {
      const { page } = scene.dashboard;
      const before = await newestRun(scene.platform, XERO);
      scene.platform.sandbox.faults.arm({ source: 'xero', kind: 'time-out', path: 'Invoices', count: 1_000 });
      await scene.dashboard.open('/');
      await page.getByRole('button', { name: 'Actions for Xero' }).click();
      await page.getByRole('menuitem', { name: 'Run now' }).click();
      await scene.dashboard.open(`/runs/${await newerRun(scene, XERO, before)}`);
      await page.getByRole('button', { name: 'Cancel…' }).click();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Cancel…' }).click();
      await page.getByRole('button', { name: 'Cancel the run' }).click();
      await page.getByRole('main').getByText('Cancelled', { exact: true }).first().waitFor({ timeout: CYCLE_MS });
      scene.platform.sandbox.faults.clear();
      await atRest(scene);
    },
    CYCLE_MS * 2,
  );

  it(
    'says that the day of calls is used up, and that the next run goes on',
    async () => {
      const { page } = scene.dashboard;
      const before = await newestRun(scene.platform, XERO);
      scene.platform.sandbox.faults.arm({
        ...({ source: 'xero', kind: 'status', status: 429, path: 'api.xro', count: 1_000 } as const),
        retryAfterSeconds: HOUR_SECONDS,
        headers: { 'x-rate-limit-problem': 'day' },
      });
      await scene.dashboard.open('/connections/xero');
      await scene.dashboard.call('POST', `/api/pipelines/${XERO}/runs`, {});
      await scene.dashboard.open(`/runs/${await newerRun(scene, XERO, before)}`);
      await page.getByText('daily limit of calls').first().waitFor({ timeout: CYCLE_MS });
      await page.getByText('the next run goes on where this one ends').first().waitFor();
      scene.platform.sandbox.faults.clear();
      await atRest(scene);
    },
    CYCLE_MS * 2,
  );
}
