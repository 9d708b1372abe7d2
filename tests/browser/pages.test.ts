import { recordCheck } from '@pipeline/control';
import { waitFor } from '@pipeline/testing';
import { z } from 'zod';
import { type Dashboard, openDashboard } from '../support/dashboard.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { tellCanaries } from './stories/canaries.ts';

const STREAM = '/streams/xero/invoices';
const PAGES = [
  ...[
    '/',
    '/runs',
    '/streams',
    STREAM,
    ...['columns', 'bookmarks', 'runs', 'preview'].map((tab) => `${STREAM}/${tab}`),
  ],
  ...['/connections', '/connections/new', '/connections/xero', '/quarantine', '/quarantine/dead', '/quarantine/closed'],
  ...['/models', '/system', ...['schedule', 'alerts', 'access', 'settings', 'audit'].map((tab) => `/system/${tab}`)],
];
const START_MS = 240_000;
const HOSTILE = '<img src=x onerror="window.hacked=1">';
const RIGHT_TO_LEFT = '\u202Eevil\u202C \u05e9\u05dc\u05d5\u05dd';

const Groups = z.object({ items: z.array(z.object({ id: z.string() })) });

/** Rows and records as a source could send them, and an account that calls itself so. */
async function writeHostileRecords(pool: Platform['database']['pool']): Promise<void> {
  const texts = [HOSTILE, RIGHT_TO_LEFT, 'y'.repeat(10_000)];
  await pool.query(
    `insert into pipeline.rejected_records (pipeline, stream, reason, column_name, constraint_name, record_key, record)
     select 'pipeline_xero_to_postgres', 'contacts', left(t, 3000), left(t, 60), left(t, 60), left(t, 500),
            json_build_object('type', 'RECORD', 'stream', 'contacts', 'record', json_build_object('contact_id', t, t, t))::text
     from unnest($1::text[]) t`,
    [texts],
  );
  await pool.query(
    `update xero.contacts c set name = t.text
     from (select contact_id, row_number() over (order by contact_id) as n from xero.contacts) k
     join unnest($1::text[]) with ordinality t(text, n) using (n) where c.contact_id = k.contact_id`,
    [texts],
  );
  const [one, other, long] = texts;
  await recordCheck(pool, {
    ...{ connection: 'xero', source: 'xero' },
    result: {
      ...{ checkedAt: new Date().toISOString(), isOk: false, code: 'SOURCE_UNAUTHORISED', remedy: other ?? null },
      ...{ account: { id: other ?? '', name: one ?? '' }, message: long ?? null, tokenEndsAt: null, limits: [] },
      scopes: [{ name: one ?? '', isGranted: false }],
      streams: [{ stream: 'contacts', isReadable: false, reason: one ?? null, rows: null }],
    },
  });
}

describe('the pages in a browser', () => {
  let platform: Platform;
  let dashboard: Dashboard;
  const pages = async () => {
    const { rows } = await platform.database.pool.query<{ id: string }>('select id from pipeline.runs limit 1');
    return [...PAGES, `/runs/${rows[0]?.id}`];
  };
  beforeAll(async () => {
    platform = await startPlatform({ sandbox: { deals: 60 } });
    dashboard = await openDashboard(platform);
    await waitFor(async () => (await platform.cycles()).ended > 0, { timeoutMs: START_MS, what: 'the first cycle' });
  }, START_MS + 60_000);
  afterAll(async () => {
    await dashboard?.close();
    await platform?.stop();
  }, 60_000);

  it('lead a stranger to the login, say why a token is refused, and go where the person wanted to', async () => {
    const { page, base } = dashboard;
    await page.goto(`${base}/streams?source=xero`);
    await page.getByLabel('Access token').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').waitFor();
    // Chromium itself writes the refusal into the console.
    expect(dashboard.complaints()).toEqual([expect.stringContaining('401')]);
    await page.getByLabel('Access token').fill(platform.apiToken);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('link', { name: 'invoice_line_items', exact: true }).waitFor();
    expect(page.url()).toBe(`${base}/streams?source=xero`);
    expect(await page.getByRole('link', { name: 'deals', exact: true }).count()).toBe(0);
  });

  it.each(['light', 'dark'] as const)(
    'hold nothing that axe finds serious in %s, write nothing into the console, ask no other address',
    async (theme) => {
      await dashboard.setTheme(theme);
      const found: string[] = [];
      for (const path of await pages()) {
        await dashboard.open(path);
        found.push(...(await dashboard.findings()).map((finding) => `${path} ${finding}`));
      }
      expect([...found, ...dashboard.complaints()]).toEqual([]);
    },
    120_000,
  );

  it('fit a window of 320 pixels', async () => {
    await dashboard.page.setViewportSize({ width: 320, height: 640 });
    const wide: string[] = [];
    for (const path of await pages()) {
      await dashboard.open(path);
      const pixels = await dashboard.overflow();
      if (pixels > 0) wide.push(`${path} by ${pixels}`);
    }
    await dashboard.page.setViewportSize({ width: 1440, height: 900 });
    expect(wide).toEqual([]);
  }, 120_000);

  it('show what others have written as text, however hostile or long', async () => {
    const { page } = dashboard;
    const long = 'x'.repeat(10_000);
    await platform.database.pool.query(
      `insert into pipeline.audit_log (actor, action, target, details)
       values ($1, $2, $3, $4), ($3, $1, $2, '{}')`,
      [HOSTILE, RIGHT_TO_LEFT, long, JSON.stringify({ [HOSTILE]: HOSTILE })],
    );
    for (const width of [1440, 320]) {
      await page.setViewportSize({ width, height: 800 });
      for (const path of ['/system/audit', '/']) {
        await dashboard.open(path);
        await page.getByText(HOSTILE).first().waitFor();
        expect([path, await dashboard.overflow()]).toEqual([path, 0]);
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(dashboard.complaints()).toEqual([]);
  });

  it('show records, set aside or in their table, and what an account calls itself as text, however hostile or long', async () => {
    const { page } = dashboard;
    const { pool } = platform.database;
    await writeHostileRecords(pool);
    const group = await dashboard.call('GET', '/api/rejected-records/groups?connection=xero');
    const groups = Groups.parse(await group.json()).items.map(({ id }) => id);
    expect(groups).toHaveLength(3);
    const { rows } = await pool.query<{ id: string }>(`select id::text from pipeline.rejected_records order by id`);
    const places = [
      ...groups.map((id) => `/quarantine?group=${id}&newest=0`),
      ...rows.map(({ id }, index) => `/quarantine?group=${groups[index]}&newest=0&id=${id}`),
      ...['/streams/xero/contacts/preview', '/connections', '/connections/xero', '/'],
    ];
    for (const [width, theme] of [
      [1440, 'light'],
      [390, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await dashboard.setTheme(theme);
      for (const path of places) {
        await dashboard.open(path);
        expect([path, width, await dashboard.overflow()]).toEqual([path, width, 0]);
      }
      await dashboard.open('/streams/xero/contacts/preview');
      await page.getByText(HOSTILE, { exact: true }).first().waitFor();
      await page.getByText(RIGHT_TO_LEFT, { exact: true }).first().waitFor();
      // Cut at 200 characters by the server.
      await page
        .getByText(/^y{150,210}…?$/)
        .first()
        .waitFor();
      await dashboard.open(`/quarantine?group=${groups[0]}&newest=0`);
      await page.getByText(HOSTILE).first().waitFor({ state: 'attached' });
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(dashboard.complaints()).toEqual([]);
  }, 120_000);

  it('make a token, show it once, and revoke it', async () => {
    const { page, base } = dashboard;
    await dashboard.open('/system/access');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('Name, such as').fill('grafana');
    await page.getByRole('button', { name: 'Make it' }).click();
    const token = (await page.locator('.new-token').textContent()) ?? '';
    const asViewer = () => fetch(`${base}/api/status`, { headers: { authorization: `Bearer ${token}` } });
    expect((await asViewer()).status).toBe(200);
    await page.getByRole('button', { name: 'Actions for grafana' }).click();
    await page.getByRole('menuitem', { name: 'Revoke…' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('grafana is revoked').waitFor();
    expect((await asViewer()).status).toBe(401);
  });

  tellCanaries(() => ({ platform, dashboard }), pages);

  it('are reached by keys alone, and search finds tables', async () => {
    const { page, base } = dashboard;
    await dashboard.open('/');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.waitForURL(`${base}/streams`);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search' }).waitFor();
    await page.keyboard.type('xero.inv');
    await page
      .getByRole('option', { name: /xero\.invoice/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/streams\/xero\/invoice/);
    await page.getByRole('heading', { level: 1, name: /^invoice/ }).waitFor();
  });

  it('say that the scheduler is away, switch buttons off, and catch up by themselves', async () => {
    const { page, base } = dashboard;
    await dashboard.open('/');
    await page.locator('.side').getByText('Live', { exact: true }).waitFor();
    await platform.service('scheduler').stop();
    await page.getByText('Not connected since').waitFor();
    expect(await page.getByRole('button', { name: 'Run now' }).isDisabled()).toBe(true);
    platform.start('scheduler', { HTTP_PORT: new URL(base).port });
    await page.getByText('Not connected since').waitFor({ state: 'detached', timeout: 60_000 });
    await page.locator('.side').getByText('Live', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Run now' }).isDisabled()).toBe(false);
    // The browser tells of each try that failed.
    expect(dashboard.complaints().filter((line) => !/ERR_|Failed to load resource/.test(line))).toEqual([]);
  }, 90_000);
});
