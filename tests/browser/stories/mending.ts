import { atRest, CYCLE_MS, type Scene } from './scene.ts';

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
