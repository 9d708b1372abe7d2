import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { startXeroServer, type XeroServer } from '../../sandbox/test/xero/xero-server.ts';

const MAIN = resolve(import.meta.dirname, '../src/main.ts');
const TEST_TIMEOUT_MS = 60_000;

let xero: XeroServer;
let folder: string;
let config: string;

beforeEach(async () => {
  xero = await startXeroServer({ now: Date.now });
  folder = await mkdtemp(join(tmpdir(), 'connect-'));
  config = join(folder, 'config.json');
  const hosts = { base_url: xero.url, identity_url: xero.url, login_url: xero.url };
  const client = { client_id: 'xero-sandbox-client', client_secret: 'xero-sandbox-secret' };
  await writeFile(
    config,
    JSON.stringify({ ...client, ...hosts, refresh_token: 'dead', oauth_credentials: { old: true } }),
  );
});
afterEach(async () => {
  await xero.stop();
  await rm(folder, { recursive: true });
});

const tap = (...args: string[]) =>
  spawn(process.execPath, [MAIN, '--config', config, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });

/** The address that the tap tells a person to open. */
async function pageOf(child: ReturnType<typeof tap>): Promise<string> {
  let said = '';
  const found = Promise.withResolvers<string>();
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
    const page = /open (http:\/\/localhost:\d+)/.exec(said)?.[1];
    if (page !== undefined) found.resolve(page);
  });
  child.once('close', () => found.reject(new Error(said)));
  return found.promise;
}

it(
  'leads a person through the consent and writes the token into the config file, with which the tap then reads',
  async () => {
    const child = tap('--connect', '--port', '0');
    const ended = once(child, 'close');
    const home = await pageOf(child);
    const page = await (await fetch(home)).text();
    const consent = /href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&#38;', '&') ?? '';
    const agreed = await fetch(consent, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'allow' }),
      redirect: 'manual',
    });
    const callback = agreed.headers.get('location') ?? '';
    const stranger = await fetch(callback.replace(/state=[^&]+/, 'state=other'));
    expect(stranger.status).toBe(400);
    expect(await (await fetch(callback)).text()).toContain('xero is connected');
    expect((await ended)[0]).toBe(0);
    const written = JSON.parse(await readFile(config, 'utf8'));
    expect(written.refresh_token).not.toBe('dead');
    expect(written.oauth_credentials).toBeUndefined();

    const test = tap('--test');
    const said = text(test.stderr);
    expect([(await once(test, 'close'))[0], await said]).toEqual([
      0,
      expect.stringContaining('accepts the credentials'),
    ]);
    expect(await said).not.toContain(written.refresh_token);
  },
  TEST_TIMEOUT_MS,
);
