import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logTail, startChild } from '../src/child-process.ts';
import { freePort, rememberedPorts, rememberedSecret } from '../src/index.ts';
import { endLeftover } from '../src/pid-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-stack-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const node = (script: string, output: string | ((line: string) => void)) =>
  startChild({
    command: process.execPath,
    args: ['-e', script],
    cwd: folder,
    env: {},
    output,
    pidFile: join(folder, 'child.pid'),
  });

describe('a child process', () => {
  it('is killed when it does not heed the signal in time', async () => {
    const lines = Promise.withResolvers<string>();
    const child = await node(
      "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)",
      lines.resolve,
    );
    expect(await lines.promise).toBe('up');

    expect(await child.stop('SIGTERM', 50)).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('writes both its outputs into its log', async () => {
    const logFile = join(folder, 'child.log');
    const child = await node("console.log('one'); console.error('two')", logFile);

    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect(logTail(logFile)).toBe('one\ntwo');
  });

  it('that cannot be executed is an error', async () => {
    const options = { args: [], cwd: folder, env: {}, output: () => undefined, pidFile: join(folder, 'none.pid') };

    await expect(startChild({ ...options, command: join(folder, 'none') })).rejects.toThrow('ENOENT');
  });
});

describe('a pid file', () => {
  it('does not end a process that only has the number of the old one', async () => {
    const pidFile = join(folder, 'old.pid');
    const identity = { pid: process.pid, startedAt: 'another time' };
    writeFileSync(pidFile, JSON.stringify({ child: identity, owner: identity }));

    await endLeftover(pidFile);
    expect(() => readFileSync(pidFile)).toThrow('ENOENT');
  });

  it.each(['', '{', '{"child":{"pid":-1}}'])('that reads "%s" is no obstacle', async (text) => {
    const pidFile = join(folder, 'torn.pid');
    writeFileSync(pidFile, text);

    await endLeftover(pidFile);
  });
});

describe('a remembered port', () => {
  it('is none that the system would give to somebody else', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));

    expect(Math.min(...ports)).toBeGreaterThanOrEqual(20_000);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  it('stays the same while it is free, and is replaced when somebody has taken it', async () => {
    const file = join(folder, 'ports.json');
    const first = await rememberedPorts(file, ['a', 'b']);
    expect(await rememberedPorts(file, ['b', 'a'])).toEqual(first);

    const thief = createServer().listen(first.a, '127.0.0.1');
    const second = await rememberedPorts(file, ['a', 'b']);
    thief.close();
    expect(second.b).toBe(first.b);
    expect(second.a).not.toBe(first.a);
  });
});

describe('a remembered secret', () => {
  it('is made once and readable by its owner only', () => {
    const file = join(folder, 'secret');
    const secret = rememberedSecret(file, 'hex');

    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(rememberedSecret(file, 'hex')).toBe(secret);
  });
});
