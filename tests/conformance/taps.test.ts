import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { isJsonObject, parseMessage, type SingerMessage, type State } from '@pipeline/singer';
import type { Tap } from '@pipeline/tap-kit';
import { discoverCatalog, messageProblems, tapProblems } from '@pipeline/tap-kit/conformance';
import { readConfigFile } from '@pipeline/tap-kit/settings';
import { programEnvironment } from '@pipeline/testing';
import { type Sandbox, startSandbox } from '../../services/sandbox/src/sandbox.ts';
import { sources } from '../../services/sandbox/src/sources.ts';

/** What the runtime promises of every tap, asked of every tap there is: one more folder `services/tap-*` is one more tap tested. */
const ROOT = resolve(import.meta.dirname, '..', '..');
const folders = globSync('services/tap-*', { cwd: ROOT }).sort();

const FAST = 1_000;

/** What the root of a tap's `src` may hold, so that who knows one tap knows them all; what only one source needs has a folder. */
const ROLES = ['access', 'client', 'connect', 'consent', 'main', 'settings', 'streams', 'tap', 'webhooks'];

let sandbox: Sandbox;
let scratch: string;

beforeAll(async () => {
  sandbox = await startSandbox({ deals: 120, rateLimitFactor: FAST });
  scratch = await mkdtemp(join(tmpdir(), 'conformance-'));
});
afterAll(async () => {
  await sandbox.stop();
  await rm(scratch, { recursive: true });
});

async function load(folder: string): Promise<Tap<unknown>> {
  const { tap } = await import(join(ROOT, folder, 'src', 'tap.ts'));
  return tap;
}

async function run(folder: string, args: string[]) {
  const child = spawn(process.execPath, [join(ROOT, folder, 'src', 'main.ts'), ...args], {
    env: { ...programEnvironment(), TAP_RATE_LIMIT_FACTOR: String(FAST) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code };
}

async function file(name: string, content: unknown): Promise<string> {
  const path = join(scratch, name);
  await writeFile(path, JSON.stringify(content));
  return path;
}

/** Every line of standard output. Whatever is no message of the specification makes the test fail. */
function messagesOf(stdout: string): SingerMessage[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const message = parseMessage(line);
      if (!['SCHEMA', 'RECORD', 'STATE', 'ACTIVATE_VERSION'].includes(message.type)) throw new Error(message.type);
      return message as SingerMessage;
    });
}

test('there are taps', () => {
  expect(folders.length).toBeGreaterThanOrEqual(3);
});

describe.each(folders)('%s', (folder) => {
  const source = folder.replace('services/tap-', '');

  test('keeps the rules of a declaration', async () => {
    const tap = await load(folder);
    expect(`tap-${tap.source}`).toBe(folder.replace('services/', ''));
    expect(tapProblems(tap, readConfigFile(join(ROOT, folder, 'config.yml')))).toEqual([]);
  });

  test('has each part in the file where every tap has it', async () => {
    const tap = await load(folder);
    const entries = await readdir(join(ROOT, folder, 'src'), { withFileTypes: true });
    const files = entries.flatMap((entry) => (entry.isFile() ? [basename(entry.name, '.ts')] : []));
    const expected = ROLES.filter((role) => {
      if (role === 'access') return tap.check !== undefined;
      return role === 'consent' || role === 'webhooks' ? tap[role] !== undefined : true;
    });
    expect(files.sort()).toEqual(expected);
    const { streams } = await import(join(ROOT, folder, 'src', 'streams.ts'));
    expect(tap.streams).toBe(streams);
  });

  test('prints its catalog without settings', async () => {
    const { stdout, code } = await run(folder, ['--discover']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(discoverCatalog(await load(folder)))));
  });

  // A tap that the sandbox does not know is only checked as it stands.
  const imitated = sources.find(({ name }) => name === source);
  if (imitated === undefined) return;

  test('reads its source into messages that are in order and as declared, every row that exists and no other', async () => {
    const config = await file(`${source}.json`, imitated.tapSettings(sandbox.url(source)));
    const { stdout, stderr, code } = await run(folder, ['--config', config]);
    expect(stderr).not.toMatch(/^CRITICAL/m);
    expect(code).toBe(0);
    const messages = messagesOf(stdout);
    expect(messageProblems(messages)).toEqual([]);
    const byDefault = (await load(folder)).streams.filter(({ isSelectedByDefault }) => isSelectedByDefault !== false);
    for (const shape of byDefault.flatMap((stream) => [stream, ...(stream.children ?? [])])) {
      expect([shape.name, keysOf(messages, shape)]).toEqual([shape.name, truthOf(source, shape)]);
    }
    const state = lastState(messages);

    const again = await run(folder, ['--config', config, '--state', await file(`${source}-state.json`, state)]);
    expect(again.code).toBe(0);
    expect(messageProblems(messagesOf(again.stdout))).toEqual([]);
    expect(Object.keys(lastState(messagesOf(again.stdout)).bookmarks)).toEqual(Object.keys(state.bookmarks));
  });
});

function lastState(messages: SingerMessage[]): State {
  const last = messages.at(-1);
  if (last?.type !== 'STATE') throw new Error('no STATE at the end');
  return last.value;
}

interface Shape {
  name: string;
  keyProperties: string[];
}

/** Keys of the rows a target would have: the last record of a key counts, tombstones do not. */
function keysOf(messages: SingerMessage[], { name, keyProperties }: Shape): string[] {
  const rows = new Map<string, boolean>();
  for (const message of messages) {
    if (message.type !== 'RECORD' || message.stream !== name || !isJsonObject(message.record)) continue;
    const deletedAt = message.record['_sdc_deleted_at'];
    rows.set(keyOf(message.record, keyProperties), deletedAt === undefined || deletedAt === null);
  }
  return [...rows].flatMap(([key, isLive]) => (isLive ? [key] : [])).sort();
}

function truthOf(source: string, { name, keyProperties }: Shape): string[] {
  return Array.from(sandbox.truth(source, name).rows, (row) => keyOf(row, keyProperties)).sort();
}

function keyOf(row: Record<string, unknown>, keys: string[]): string {
  return JSON.stringify(keys.map((key) => String(row[key])));
}
