import { waitFor } from '@pipeline/testing';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import type { Platform } from './platform.ts';

/** Debian's, or the one that is named. */
const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
/** Read into the page by the debugger: the content security policy would refuse a script element. */
const AXE = axe.source;
const START_MS = 30_000;
/** Chromium ends requests when an interface of the machine comes or goes, as when a container starts beside it; the page asks again. */
const NETWORK_CHANGED = 'net::ERR_NETWORK_CHANGED';

const Violations = z.array(z.object({ id: z.string(), impact: z.string().nullable(), nodes: z.array(z.string()) }));

/** The page of a platform in a real browser. */
export interface Dashboard {
  base: string;
  page: Page;
  /** Lines of the console, defects and refusals of the content security policy since the last call. */
  complaints(): string[];
  open(path: string): Promise<void>;
  /** What axe finds serious or worse in what is shown. */
  findings(): Promise<string[]>;
  /** Pixels by which the page is wider than its window. */
  overflow(): Promise<number>;
  setTheme(theme: 'light' | 'dark'): Promise<void>;
  call(method: string, path: string, body?: object): Promise<Response>;
  close(): Promise<void>;
}

export async function openDashboard(platform: Platform): Promise<Dashboard> {
  return openPage(await waitFor(() => platform.service('scheduler').url(), { timeoutMs: START_MS }), platform.apiToken);
}

/** As {@link openDashboard}, of any scheduler. @param base its address */
export async function openPage(base: string, token: string): Promise<Dashboard> {
  const call = (method: string, path: string, body?: object) =>
    fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  await waitFor(async () => (await call('GET', '/api/me')).ok, { timeoutMs: START_MS, what: 'the API' });
  // Root, as in a container of CI, may not use Chromium's own sandbox.
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const lines: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes(NETWORK_CHANGED)) return;
    if (['error', 'warning'].includes(message.type())) lines.push(`${message.text()} (${page.url()})`);
  });
  page.on('pageerror', (error) => lines.push(`${error.stack ?? error.message} (${page.url()})`));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(base)) lines.push(`asked ${request.url()}`);
  });
  return {
    base,
    page,
    call,
    complaints: () => lines.splice(0),
    open: async (path) => {
      await page.goto(`${base}${path}`);
      await page.locator('main h1').first().waitFor();
      // Everything that was asked for is there.
      await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
    },
    findings: () => findings(page),
    overflow: async () =>
      z
        .number()
        .parse(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')),
    setTheme: (theme) => page.emulateMedia({ colorScheme: theme }),
    close: () => closeAll(browser, context),
  };
}

/** Logs in as a person does. */
export async function logIn({ page, base }: Dashboard, token: string): Promise<void> {
  await page.goto(`${base}/login`);
  await page.getByLabel('Access token').fill(token);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(`${base}/`);
}

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const violations = Violations.parse(
    await page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => html.slice(0, 200)) })))`),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).join(' | ')}`);
}

async function closeAll(browser: Browser, context: BrowserContext): Promise<void> {
  await context.close();
  await browser.close();
}
