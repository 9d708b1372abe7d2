import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isJsonObject, type Json, type JsonObject, parseJson } from '@pipeline/singer';
import { waitFor } from '@pipeline/testing';
import { DemoApi, listOf, usedUp } from './support/demo-api.ts';
import { type DemoProcess, startDemoTap } from './support/demo-process.ts';

const api = new DemoApi();
let folder: string;
let config: string;

beforeAll(async () => {
  await api.start();
  folder = await mkdtemp(join(tmpdir(), 'tap-'));
  config = await file('config.json', { token: api.token, base_url: api.url });
});
afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true });
});

async function file(name: string, content: object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(content));
  return path;
}

/** Every line of standard output, or the test fails. */
function messages(tap: DemoProcess): JsonObject[] {
  const lines = tap.stdout().split('\n').slice(0, -1);
  return lines.map((line) => {
    const value: Json = parseJson(line);
    if (!isJsonObject(value)) throw new Error(`not a message: ${line}`);
    return value;
  });
}

const kinds = (tap: DemoProcess) =>
  messages(tap).map(({ type, stream }) => `${type}${stream === undefined ? '' : ` ${stream}`}`);

async function run(...args: string[]): Promise<{ tap: DemoProcess; code: unknown }> {
  const tap = startDemoTap(args);
  return { tap, code: await tap.exited };
}

test('writes messages only: SCHEMA before records, STATE after the records it covers, the version after all of them', async () => {
  api.deals = listOf(['[{"id":"1","amount":9007199254740993.10}]', [{ id: '2' }]]);
  const { tap, code } = await run('--config', config);
  expect(tap.stderr()).not.toMatch(/CRITICAL/);
  expect(code).toBe(0);
  expect(kinds(tap)).toEqual([
    'SCHEMA deals',
    'SCHEMA deals_companies',
    'RECORD deals',
    'RECORD deals_companies',
    'STATE',
    'RECORD deals',
    'RECORD deals_companies',
    'STATE',
    'STATE',
    'SCHEMA owners',
    'RECORD owners',
    'ACTIVATE_VERSION owners',
    'STATE',
    'STATE',
  ]);
  expect(tap.stdout()).toContain('"amount":9007199254740993.10');
  expect(tap.stderr()).toContain(
    'METRIC: {"type":"counter","metric":"record_count","value":2,"tags":{"endpoint":"deals"}}',
  );
  expect(messages(tap).at(-1)).toMatchObject({
    value: { currently_syncing: null, full_read_at: { deals: expect.any(String) } },
  });
  expect(tap.stdout() + tap.stderr()).not.toContain(api.token);
});

test('goes on from a state, beginning with the stream that was interrupted', async () => {
  const now = new Date().toISOString();
  const value = {
    currently_syncing: 'owners',
    bookmarks: { deals: { updated_at: '2026-01-01' } },
    full_read_at: { deals: now },
  };
  api.requests.length = 0;
  const { tap, code } = await run('--config', config, '--state', await file('state.json', value));
  expect(code).toBe(0);
  expect(api.requests.filter((path) => path !== '/me').slice(0, 2)).toEqual([
    '/owners?page=0',
    '/deals?page=0&since=2026-01-01',
  ]);
  expect(kinds(tap)).not.toContain('ACTIVATE_VERSION deals');
});

test('prints the catalog without settings, and reads what a changed one selects', async () => {
  const discovered = await run('--discover');
  expect(discovered.code).toBe(0);
  const catalog = JSON.parse(discovered.tap.stdout());
  for (const entry of catalog.streams) {
    if (entry.stream !== 'deals_companies') entry.metadata[0].metadata.selected = false;
  }
  const { tap, code } = await run('--config', config, '--catalog', await file('catalog.json', catalog));
  expect(code).toBe(0);
  expect(new Set(kinds(tap))).toEqual(new Set(['SCHEMA deals_companies', 'RECORD deals_companies', 'STATE']));
  const legacy = await run('--config', config, '--properties', join(folder, 'catalog.json'));
  expect(kinds(legacy.tap)).toEqual(kinds(tap));
});

test('--test checks the credentials and writes nothing', async () => {
  const good = await run('--config', config, '--test');
  expect([good.code, good.tap.stdout()]).toEqual([0, '']);
  const bad = await run('--config', await file('bad.json', { token: 'canary-wrong', base_url: api.url }), '--test');
  expect([bad.code, bad.tap.stdout()]).toEqual([78, '']);
  expect(bad.tap.stderr()).toMatch(/^CRITICAL SOURCE_UNAUTHORISED: .*check the token/m);
  expect(bad.tap.stderr()).not.toContain('canary-wrong');
});

test.each([
  [['--version'], 0, /^1\.2\.3$/m],
  [['--about'], 0, /\| token \| yes \|/],
  [['--about', '--format', 'json'], 0, /"name": "tap-demo"/],
  [['--help'], 0, /--catalog/],
])('%j exits with %i and tells', async (args, expected, output) => {
  const { tap, code } = await run(...args);
  expect(code).toBe(expected);
  expect(tap.stdout()).toMatch(output);
});

test.each([
  [['--nonsense'], 2, /unknown option/],
  [['--discover', 'more'], 2, /too many arguments/],
  [['--state', 'x'], 78, /CRITICAL CONFIG_INVALID: --config is missing/],
  [['--config', '/nowhere.json'], 78, /CRITICAL CONFIG_INVALID: \/nowhere\.json cannot be read/],
])('%j exits with %i and says why', async (args, expected, error) => {
  const { tap, code } = await run(...args);
  expect([code, tap.stdout()]).toEqual([expected, '']);
  expect(tap.stderr()).toMatch(error);
});

test('settings that do not fit are listed by name, all at once, without their values', async () => {
  const { tap, code } = await run('--config', await file('odd.json', { base_url: 'canary-value' }));
  expect(code).toBe(78);
  expect(tap.stderr()).toMatch(/CRITICAL CONFIG_INVALID: the configuration has 2 problems: token: not set; base_url: /);
  expect(tap.stderr()).not.toContain('canary-value');
});

test('a stream that fails keeps the states written before it, the others are read, and the exit code is 1', async () => {
  api.deals = ({ page }, response) => {
    if (page === 0) listOf([[{ id: '1' }], []])({ query: new URLSearchParams(), page }, response);
    else response.writeHead(400).end('{"message":"canary body"}');
  };
  const { tap, code } = await run('--config', config);
  expect(code).toBe(1);
  expect(kinds(tap).slice(-4)).toEqual(['RECORD owners', 'ACTIVATE_VERSION owners', 'STATE', 'STATE']);
  expect(messages(tap).at(-1)).toMatchObject({ value: { bookmarks: { deals: { updated_at: expect.any(String) } } } });
  expect(tap.stderr()).toMatch(
    /^CRITICAL deals failed: SOURCE_REFUSED: the source refuses the request \(400\) \[GET \/deals\]$/m,
  );
  expect(tap.stderr()).not.toContain('canary body');
});

test('a daily limit in mid-read keeps the state, is named at the end, and the exit code says that something is incomplete', async () => {
  api.deals = ({ page }, response) => {
    if (page === 0) listOf([[{ id: '1' }], []])({ query: new URLSearchParams(), page }, response);
    else response.writeHead(429, { 'retry-after': '36000' }).end('{}');
  };
  const { tap, code } = await run('--config', config);
  expect(code).toBe(3);
  expect(kinds(tap)).toContain('RECORD owners');
  expect(messages(tap).at(-1)).toMatchObject({ value: { bookmarks: { deals: { updated_at: expect.any(String) } } } });
  expect(tap.stderr()).toMatch(/^WARNING deals is incomplete: SOURCE_RATE_LIMITED: .*\(429\)/m);
});

test('a daily limit that is met before the first stream leaves the state as it was and names every stream', async () => {
  const value = { bookmarks: { deals: { updated_at: '2026-01-01T00:00:00Z' } } };
  const state = await file('kept-state.json', value);
  api.me = usedUp;
  const { tap, code } = await run('--config', config, '--state', state);
  const tested = await run('--config', config, '--test');
  api.me = (_asked, response) => void response.end('{}');
  expect(code).toBe(3);
  expect(messages(tap)).toEqual([{ type: 'STATE', value: { ...value, currently_syncing: null } }]);
  for (const stream of ['deals', 'owners']) {
    expect(tap.stderr()).toMatch(new RegExp(`^WARNING ${stream} is incomplete: SOURCE_RATE_LIMITED: .*\\(429\\)`, 'm'));
  }
  // Who only tests the credentials hears that they were not proven.
  expect(tested.code).toBe(1);
});

test('on SIGTERM it finishes the page, writes the state and exits with 143', async () => {
  let asked = 0;
  api.deals = ({ page, query }, response) => {
    asked += 1;
    setTimeout(
      () => listOf(Array.from({ length: 1_000 }, (_, id) => [{ id: String(id) }]))({ page, query }, response),
      20,
    );
  };
  const tap = startDemoTap(['--config', config]);
  await waitFor(() => asked > 3, { timeoutMs: 45_000 });
  tap.child.kill('SIGTERM');
  expect(await tap.exited).toBe(143);
  expect(asked).toBeLessThan(1_000);
  expect(kinds(tap).at(-1)).toBe('STATE');
  expect(messages(tap).at(-1)).toMatchObject({ value: { currently_syncing: 'deals' } });
});

test('waits for a slow reader instead of piling up, and ends when the reader goes away', async () => {
  const page = Array.from({ length: 100 }, (_, id) => ({ id: String(id), note: 'x'.repeat(1_000) }));
  let asked = 0;
  api.deals = (request, response) => {
    asked += 1;
    listOf(Array.from({ length: 5_000 }, () => page))(request, response);
  };
  const tap = startDemoTap(['--config', config]);
  tap.child.stdout?.pause();
  await waitFor(() => asked > 0, { timeoutMs: 45_000 });
  let before = -1;
  // The pipe is full when no more pages are asked for.
  await waitFor(
    () => {
      const isStill = before === asked;
      before = asked;
      return isStill;
    },
    { intervalMs: 500, timeoutMs: 45_000 },
  );
  expect(asked).toBeLessThan(50);
  tap.child.stdout?.destroy();
  expect(await tap.exited).toBe(1);
  expect(tap.stderr()).toMatch(/CRITICAL OUTPUT_CLOSED/);
});
