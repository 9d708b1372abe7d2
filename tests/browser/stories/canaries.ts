import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Route, routes } from '@pipeline/protocol/api';
import { waitFor } from '@pipeline/testing';
import { z } from 'zod';
import { sources as sandboxSources } from '../../../services/sandbox/src/sources.ts';
import { commandLine } from '../../support/command-line.ts';
import { readEvents } from '../../support/secret-search.ts';
import { CYCLE_MS, type Scene } from './scene.ts';

const Items = z.object({ items: z.array(z.looseObject({ id: z.string().optional(), name: z.string().optional() })) });
const Sources = z.object({
  items: z.array(
    z.object({ source: z.string(), settings: z.array(z.object({ name: z.string(), isSecret: z.boolean() })) }),
  ),
});
const COMMANDS =
  `connections|connection show canary_hubspot|connection show canary_xero|connection show canary_wrike|sources|export|settings|audit
alerts list|token list|session list|whoami|incidents|check canary_wrike|doctor|status|logs|schedule`.split(/[|\n]/);
const list = Object.values(routes) as Route[];
const MISTAKE = 'canary-of-a-mistake';

type Texts = Record<string, string>;

/** Every secret that a person can enter, as the taps declare them, entered and then looked for. */
export function tellCanaries(sceneOf: () => Scene, pages: () => Promise<string[]>): void {
  it(
    'show no secret that was entered: no page, response, event, log, metric, command or export does',
    async () => {
      const { platform, dashboard } = sceneOf();
      const stopEvents = readEvents(platform);
      const { connections, canaries } = await enterCanaries(sceneOf());
      const mistakes = await makeMistakes(sceneOf());
      const texts: Texts = {
        ...mistakes,
        ...(await responses(sceneOf(), connections)),
        ...(await commands(sceneOf())),
        ...(await shown(sceneOf(), [...(await pages()), ...connections.map((name) => `/connections/${name}`)])),
      };
      for (const [name, service] of platform.services) {
        texts[`log of ${name}`] = service.log();
        texts[`metrics of ${name}`] = await (await fetch(`${service.probesUrl()}/metrics`)).text();
      }
      texts['events'] = await stopEvents();
      expect(texts['events']).toContain('data:');
      expect(texts['/connections/canary_xero']).toContain('canary_xero');
      expect(find(texts, [...canaries, MISTAKE])).toEqual([]);
      // One that stood there would be found.
      expect(find({ ...texts, 'a mutant': canaries.at(-1) ?? '' }, canaries)).toEqual(['a mutant']);
      for (const name of connections)
        await dashboard.call('DELETE', `/api/connections/${name}`, { expected: name, dropTables: true });
      dashboard.complaints();
    },
    CYCLE_MS * 2,
  );
}

/** A connection of each source with every secret it can have, channels, a consent, a trial, and what the database and the broker ask for. */
async function enterCanaries({ platform, dashboard }: Scene): Promise<{ connections: string[]; canaries: string[] }> {
  const { items: known } = Sources.parse(await (await dashboard.call('GET', '/api/sources')).json());
  const canaries: string[] = [];
  const canary = (name: string) => {
    canaries.push(`canary-of-${name}`);
    return `canary-of-${name}`;
  };
  const post = async (path: string, body: object) => {
    const response = await dashboard.call('POST', path, body);
    expect([path, response.status, await response.text()]).toEqual([path, expect.any(Number), expect.any(String)]);
    expect(response.status).toBeLessThan(300);
  };
  const connections: string[] = [];
  for (const { source, settings } of known) {
    const secretNames = settings.filter(({ isSecret }) => isSecret).map(({ name }) => name);
    expect([source, secretNames.length]).toEqual([source, expect.any(Number)]);
    expect(secretNames.length).toBeGreaterThan(1);
    const own = sandboxSources.find(({ name }) => name === source)?.tapSettings(platform.sandbox.url(source)) ?? {};
    const plain = Object.fromEntries(Object.entries(own).filter(([name]) => !secretNames.includes(name)));
    const secrets = Object.fromEntries(secretNames.map((name) => [name, canary(`${source}-${name}`)]));
    const schedule = { timing: { kind: 'manual' } };
    await post('/api/connections', { name: `canary_${source}`, source, settings: plain, secrets, schedule });
    await post('/api/checks', { source, settings: plain, secrets });
    connections.push(`canary_${source}`);
  }
  for (const kind of ['webhook', 'slack'])
    await post('/api/alert-channels', { name: kind, kind, target: `https://127.0.0.1:9/${canary(kind)}` });
  await post('/api/consents', { source: 'wrike', clientId: 'an-app', clientSecret: canary('a-client-secret') });
  for (const name of connections) await waitFor(() => isChecked(dashboard, name), { timeoutMs: CYCLE_MS, what: name });
  const others = [
    platform.database.environment['DB_PASSWORD'],
    new URL(platform.brokerUrl).password,
    platform.apiToken,
  ];
  return {
    connections,
    canaries: [...others.filter((value) => value !== undefined && value.length > 11), ...canaries] as string[],
  };
}

async function isChecked(dashboard: Scene['dashboard'], name: string): Promise<boolean> {
  const response = await dashboard.call('GET', `/api/connections/${name}`);
  const { check } = z.looseObject({ check: z.unknown() }).parse(await response.json());
  return check !== null;
}

/** A secret in the wrong place is refused without being repeated. */
async function makeMistakes({ dashboard }: Scene): Promise<Texts> {
  const texts: Texts = {};
  for (const { method, path, body } of list.filter((route) => route.body !== undefined)) {
    const wrong = {
      secrets: { token: { deep: MISTAKE } },
      target: `ftp:${MISTAKE}`,
      token: [MISTAKE],
      surplus: MISTAKE,
    };
    expect(body?.safeParse(wrong).success).toBe(false);
    const response = await dashboard.call(method, filled(path), wrong);
    texts[`mistake in ${method} ${path}`] = await response.text();
    expect([path, response.status >= 400]).toEqual([path, true]);
  }
  return texts;
}

/** A path whose parameters name what is probably not there. */
const filled = (path: string, name = 'hubspot'): string =>
  path
    .replace(':source/:stream', 'hubspot/contacts')
    .replace(':name', name)
    .replace(':id', /token|alert|rejected|dead/.test(path) ? '1' : crypto.randomUUID());

/** Every route that is read, of each connection, and of what the lists name. */
async function responses({ dashboard }: Scene, connections: string[]): Promise<Texts> {
  const texts: Texts = {};
  const read = async (path: string) => {
    const response = await dashboard.call('GET', path);
    texts[path] = `${JSON.stringify([...response.headers])}\n${await response.text()}`;
    return texts[path];
  };
  const readable = list.filter(({ method, path }) => method === 'GET' && path !== '/api/events');
  for (const { path } of readable.filter((route) => !route.path.includes(':id'))) {
    for (const name of path.includes(':name') ? connections : ['hubspot']) await read(filled(path, name));
  }
  for (const { path } of readable.filter((route) => route.path.includes(':id'))) {
    const above = await dashboard.call('GET', path.slice(0, path.indexOf('/:id')));
    const page = Items.safeParse(await above.json().catch(() => undefined));
    const id = page.data?.items[0]?.id;
    await read(id === undefined ? filled(path) : path.replace(':id', encodeURIComponent(id)));
  }
  return texts;
}

async function commands({ platform }: Scene): Promise<Texts> {
  const folder = await mkdtemp(join(tmpdir(), 'pipeline-canaries-'));
  const cli = commandLine(platform, folder);
  const texts: Texts = {};
  try {
    for (const command of COMMANDS)
      for (const args of [command.split(' '), ['--json', ...command.split(' ')]]) {
        const { stdout, stderr } = await cli(args);
        texts[`pipeline ${args.join(' ')}`] = stdout + stderr;
      }
  } finally {
    await rm(folder, { recursive: true });
  }
  expect(texts['pipeline export']).toContain('CANARY_XERO_CLIENT_SECRET');
  return texts;
}

/** Each page as the browser has it, with what stands in its fields. */
async function shown({ dashboard }: Scene, paths: string[]): Promise<Texts> {
  const texts: Texts = {};
  for (const path of paths) {
    await dashboard.open(path);
    const values = await dashboard.page.evaluate(
      `[...document.querySelectorAll('input, textarea, select')].map(({ value }) => value).join('\\n')`,
    );
    texts[path] = `${await dashboard.page.content()}\n${String(values)}`;
  }
  return texts;
}

/** Where one of the secrets stands, as it is, base64 or URL-encoded. */
function find(texts: Texts, secrets: string[]): string[] {
  const needles = secrets.flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    encodeURIComponent(secret),
  ]);
  return Object.entries(texts).flatMap(([place, text]) =>
    needles.some((needle) => text.includes(needle)) ? [place] : [],
  );
}
