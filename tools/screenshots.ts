import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Dashboard, logIn, openPage } from '../tests/support/dashboard.ts';
import { demoAt } from './demo-at.ts';
import { makeTrouble } from './demo-trouble.ts';

// Pictures of the page. Start `PIPELINE_INTERVAL_SECONDS=5 SANDBOX_DEALS=2000 ./run.sh demo`, then `npm run screenshots`: it waits for a
// history, makes trouble, writes the pictures of the README into docs/images and takes the trouble away. `-- --all FOLDER` takes every page
// as it is now, in both themes at both widths, to be looked at; `--only REGEXP` some of them; `--calm` makes no trouble.

const WIDTHS = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
const THEMES = ['light', 'dark'] as const;
type Width = keyof typeof WIDTHS;
type Theme = (typeof THEMES)[number];

const { values } = parseArgs({
  options: { all: { type: 'string' }, only: { type: 'string' }, calm: { type: 'boolean', default: false } },
});
const demo = demoAt(join(resolve(process.env['DISK_STORAGE_PATH'] ?? '.data'), 'demo'));
const dashboard = await openPage(demo.page, demo.token);
const calm = values.all === undefined && !values.calm ? await makeTrouble(demo) : async () => undefined;
try {
  await logIn(dashboard, demo.token);
  const pages = await pagesOf(dashboard);
  if (values.all === undefined) await forReadme(dashboard, pages);
  else await everything(dashboard, pages, values.all, values.only);
  for (const complaint of dashboard.complaints()) process.stderr.write(`${complaint}\n`);
} finally {
  await calm();
  await dashboard.close();
}
process.exit();

/** Paths by the name of their picture. The run is the newest that failed, or else the newest of all. */
async function pagesOf({ call }: Dashboard): Promise<Record<string, string>> {
  const newest = async (query: string) => {
    const { items } = (await (await call('GET', `/api/runs?limit=1${query}`)).json()) as { items: { id: string }[] };
    return items[0]?.id;
  };
  const run = (await newest('&status=failed')) ?? (await newest('')) ?? '';
  return {
    now: '/',
    runs: '/runs',
    run: `/runs/${run}`,
    streams: '/streams',
    stream: '/streams/xero/invoices',
    'stream-columns': '/streams/xero/invoices/columns',
    'stream-bookmarks': '/streams/xero/invoices/bookmarks',
    'stream-runs': '/streams/xero/invoices/runs',
    'stream-preview': '/streams/xero/invoices/preview',
    connections: '/connections',
    'connection-new': '/connections/new',
    connection: '/connections/xero',
    quarantine: '/quarantine',
    'quarantine-dead': '/quarantine/dead',
    'quarantine-closed': '/quarantine/closed',
    models: '/models',
    system: '/system',
    'system-schedule': '/system/schedule',
    'system-alerts': '/system/alerts',
    'system-access': '/system/access',
    'system-settings': '/system/settings',
    'system-audit': '/system/audit',
  };
}

async function forReadme(page: Dashboard, pages: Record<string, string>): Promise<void> {
  const folder = join(import.meta.dirname, '../docs/images');
  const shots: [string, Width, Theme][] = [
    ['now', 'wide', 'light'],
    ['run', 'wide', 'dark'],
    ['models', 'wide', 'dark'],
    ['now', 'phone', 'light'],
  ];
  for (const [name, width, theme] of shots)
    await shoot(page, pages[name] ?? '/', join(folder, `${name}-${width}.png`), width, theme);
}

async function everything(page: Dashboard, pages: Record<string, string>, folder: string, only = ''): Promise<void> {
  for (const [name, path] of Object.entries(pages).filter(([key]) => new RegExp(only).test(key))) {
    for (const width of ['wide', 'phone'] as const) {
      for (const theme of THEMES)
        await shoot(page, path, join(folder, `${name}-${width}-${theme}.png`), width, theme, true);
    }
  }
}

async function shoot(
  dashboard: Dashboard,
  path: string,
  file: string,
  width: Width,
  theme: Theme,
  fullPage = false,
): Promise<void> {
  mkdirSync(join(file, '..'), { recursive: true });
  await dashboard.page.setViewportSize(WIDTHS[width]);
  await dashboard.setTheme(theme);
  await dashboard.open(path);
  await dashboard.page.screenshot({ path: file, fullPage, animations: 'disabled' });
}
