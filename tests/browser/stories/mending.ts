import { atRest, CYCLE_MS, type Scene } from './scene.ts';

const WANTED_COLUMNS = 1_700;

/** A record that does not fit, the dbt test that fails because of it, and how both are mended from the page. */
export function tellMending(scene: Scene): void {
  it(
    'refreshes a stream, and shows the record that does not fit its table with the rule that it breaks',
    async () => {
      const { page } = scene.dashboard;
      await breakInvoices(scene);
      await scene.dashboard.open('/streams/xero/invoices');
      await page.getByRole('button', { name: 'Refresh…' }).click();
      await page.getByRole('dialog').getByText('Reads all of').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Refresh' }).click();
      await page.getByText('1 record of this table is set aside').waitFor({ timeout: CYCLE_MS });
      await atRest(scene);
      await scene.dashboard.open('/quarantine');
      await page.getByText('breaks sane_invoice').first().waitFor();
      await page
        .getByText(/alter table .*invoices.* drop constraint .*sane_invoice/)
        .first()
        .waitFor();
    },
    CYCLE_MS * 2,
  );

  it('reads the dbt test that fails because of it, with its rows and the probable cause', async () => {
    const { page } = scene.dashboard;
    await scene.dashboard.open('/models');
    const card = page.getByRole('region', { name: /invoice_line_items/ }).first();
    await card.getByText('should not be there').waitFor();
    await card.getByText('Probably').waitFor();
    await card.getByRole('table', { name: 'First failing rows' }).waitFor();
    await scene.dashboard.open('/');
    await page.getByText('Probably therefore').first().waitFor();
  });

  it(
    'retries the record once the rule is gone, then the models, and everything is fresh again',
    async () => {
      const { page } = scene.dashboard;
      await scene.platform.database.pool.query('alter table xero.invoices drop constraint sane_invoice');
      await scene.dashboard.open('/quarantine');
      await page.getByRole('button', { name: 'Retry it' }).click();
      await page.getByText('Nothing is set aside').waitFor({ timeout: CYCLE_MS });
      await scene.dashboard.open('/models');
      await page.getByRole('button', { name: 'Retry failed' }).click();
      await page.getByRole('button', { name: 'Retry failed' }).waitFor({ state: 'detached', timeout: CYCLE_MS });
      await scene.dashboard.open('/');
      await page.getByRole('heading', { level: 1, name: 'Everything is fresh' }).waitFor({ timeout: CYCLE_MS });
    },
    CYCLE_MS * 2,
  );

  it(
    'allows the columns that a stream was stopped for, from its page, and the stream runs again',
    async () => {
      const { page } = scene.dashboard;
      await atRest(scene);
      await stopForColumns(scene);
      await scene.dashboard.open('/streams/hubspot/deals');
      await page.getByText('too many new columns').first().waitFor();
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Allow columns…' }).click();
      await page.getByRole('dialog').getByText('Columns do not go away by themselves').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Allow them' }).click();
      await page.getByText(`deals may have ${WANTED_COLUMNS} columns: a run is asked for`).waitFor();
      await page.getByRole('main').getByText('Loaded', { exact: true }).first().waitFor({ timeout: CYCLE_MS });
      await atRest(scene);
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: /Backfill/ }).waitFor();
      expect(await page.getByRole('menuitem', { name: /Allow columns/ }).count()).toBe(0);
      await page.keyboard.press('Escape');
    },
    CYCLE_MS * 2,
  );
}

/** As the loader leaves a stream whose source grew by hundreds of columns. That it does so is tested there. */
async function stopForColumns({ platform: { database } }: Scene): Promise<void> {
  await database.pool.query(
    `update pipeline.attempts set outcome = 'failed', error = 'too many new columns', error_code = 'TOO_MANY_NEW_COLUMNS'
     where epoch = (select epoch from pipeline.attempts where pipeline = 'pipeline_hubspot_to_postgres' and stream = 'deals'
                    order by finished_at desc nulls last limit 1)`,
  );
  await database.pool.query(
    "insert into pipeline.column_consents (pipeline, stream, wanted) values ('pipeline_hubspot_to_postgres', 'deals', $1)",
    [WANTED_COLUMNS],
  );
}

/** Takes an invoice with lines out of its table, and forbids it to come back. */
async function breakInvoices({ platform: { database } }: Scene): Promise<void> {
  const { rows } = await database.pool.query<{ id: string }>(
    'select invoice_id as id from xero.invoice_line_items where _sdc_deleted_at is null order by 1 limit 1',
  );
  await database.pool.query(
    `delete from xero.invoices where invoice_id = '${rows[0]?.id}';
     alter table xero.invoices add constraint sane_invoice check (invoice_id <> '${rows[0]?.id}')`,
  );
}
