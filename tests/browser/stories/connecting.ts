import { waitFor } from '@pipeline/testing';
import { DEFAULT_TOKEN } from '../../../services/sandbox/src/wrike/access/access.ts';
import { OAUTH_CLIENT } from '../../../services/sandbox/src/wrike/access/oauth.ts';
import { atRest, CYCLE_MS, type Scene } from './scene.ts';

/** Accounts that are connected in the page: with a token, and through the source's own consent page. */
export function tellConnecting(scene: Scene): void {
  it(
    'connects an account with a token, is told why a wrong one is refused, and watches the first run to its end',
    async () => {
      const { page } = scene.dashboard;
      await chooseWrike(scene);
      await page.getByLabel(/^Token/).fill('wrong');
      await page.getByRole('button', { name: 'Check', exact: true }).click();
      await page.getByText('SOURCE_UNAUTHORISED').waitFor({ timeout: CYCLE_MS });
      expect(await page.getByRole('button', { name: 'Choose streams' }).isDisabled()).toBe(true);
      await page.getByRole('link', { name: 'Back' }).click();
      await page.getByLabel(/^Token/).fill(DEFAULT_TOKEN);
      await page.getByRole('button', { name: 'Check', exact: true }).click();
      await finish(scene, 'wrike_2');
    },
    CYCLE_MS * 3,
  );

  it(
    'connects an account through the consent page of the source',
    async () => {
      const { page } = scene.dashboard;
      await chooseWrike(scene);
      await page.getByText('The app that asks').click();
      await page.getByRole('textbox', { name: 'Client ID', exact: true }).fill(OAUTH_CLIENT.client_id);
      await page.getByLabel('Client secret', { exact: true }).first().fill(OAUTH_CLIENT.client_secret);
      const opened = page.waitForEvent('popup');
      await page.getByRole('button', { name: 'Connect with Wrike' }).click();
      const consent = await opened;
      await consent.getByRole('button', { name: 'Accept' }).click();
      await finish(scene, 'wrike_3');
      await consent.close();
    },
    CYCLE_MS * 3,
  );
}

/** The first two steps, with the addresses of the sandbox, which are nobody's default. */
async function chooseWrike({ dashboard, platform }: Scene): Promise<void> {
  const { page } = dashboard;
  const url = platform.sandbox.url('wrike');
  await dashboard.open('/connections');
  await page.getByRole('link', { name: 'New connection' }).click();
  await page.getByRole('button', { name: /Wrike/ }).click();
  await page.getByText('each with a good default').click();
  await page.getByLabel(/^Base url/).fill(url);
  await page.getByLabel(/^Data centres/).fill(url);
  await page.getByLabel(/^Allow other host/).fill('true');
}

/** From the check to the end of the first run. */
async function finish(scene: Scene, name: string): Promise<void> {
  const { page } = scene.dashboard;
  await page.getByRole('heading', { name: 'Acme' }).waitFor({ timeout: CYCLE_MS });
  await page.getByRole('button', { name: 'Choose streams' }).click();
  await page.getByRole('button', { name: 'Where and when' }).click();
  await page.getByLabel('Name of the connection').fill(name);
  await page.getByLabel('Schema of PostgreSQL').fill(name);
  await page.getByRole('button', { name: 'Save and run' }).click();
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/);
  const outcome = async () => {
    const { rows } = await scene.platform.database.pool.query(
      'select status, error from pipeline.runs where pipeline = $1 and finished_at is not null',
      [`pipeline_${name}_to_postgres`],
    );
    return rows[0];
  };
  expect(await waitFor(outcome, { timeoutMs: CYCLE_MS, what: 'the end of the first run' })).toEqual({
    status: 'loaded',
    error: null,
  });
  await page.getByRole('main').getByText('Loaded', { exact: true }).first().waitFor();
  const { rows } = await scene.platform.database.pool.query(`select from ${name}.tasks where _sdc_deleted_at is null`);
  expect(rows.length).toBe(scene.platform.sandbox.truth('wrike', 'tasks').count ?? rows.length);
  await atRest(scene);
}
