import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { programEnvironment, waitFor } from '@pipeline/testing';
import { FAULT_TEXTS } from '../../../tests/fault-texts.ts';

const FIXTURE = join(import.meta.dirname, 'fixtures', 'service.ts');
const PASSWORD = 'canary-pa"ss-word';

const SLOW_CONNECTIONS = 1_000;
/** Of the server. */
const HEADERS_TIMEOUT_MS = 10_000;

/** Opens a connection that begins a request and never ends its headers. `end` is what the server said before it closed. */
async function openSlowly(url: string): Promise<{ end: Promise<string> }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write('GET /healthz HTTP/1.1\r\nHost: slow\r\nX-Slow: ');
  return { end: text(socket) };
}

interface Running {
  child: ChildProcess;
  lines(): Record<string, unknown>[];
  output(): string;
  url(): Promise<string>;
  exit(): Promise<number | null>;
}

describe('a service', () => {
  let folder: string;
  const started: ChildProcess[] = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'service-'));
  });
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function start(behaviour: string, environment: NodeJS.ProcessEnv = {}): Running {
    const child = spawn(process.execPath, [FIXTURE], {
      cwd: folder,
      env: {
        ...programEnvironment(),
        HTTP_PORT: '0',
        DB_HOST: 'h',
        DB_DATABASE: 'd',
        DB_USERNAME: 'u',
        DB_PASSWORD: PASSWORD,
        BEHAVIOUR: behaviour,
        ...environment,
      },
    });
    started.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    const closed = once(child, 'close');
    const lines = () =>
      output
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line));
    return {
      child,
      lines,
      output: () => output,
      url: async () => {
        const { port } = await waitFor(() => lines().find(({ msg }) => msg === 'health and metrics are served'));
        return `http://127.0.0.1:${String(port)}`;
      },
      exit: async () => {
        await closed;
        return child.exitCode;
      },
    };
  }

  const isStarted = (service: Running) => waitFor(() => service.lines().some(({ msg }) => msg === 'started'));

  it('stops with 0 on SIGTERM', async () => {
    const service = start('ready');
    await isStarted(service);
    service.child.kill('SIGTERM');
    expect(await service.exit()).toBe(0);
    expect(service.lines().at(-1)).toMatchObject({ service: 'fixture', msg: 'stopped' });
  });

  it('stops with 1 on a second signal', async () => {
    const service = start('hang');
    await isStarted(service);
    service.child.kill('SIGTERM');
    await waitFor(() => service.output().includes('stopping'));
    service.child.kill('SIGTERM');
    expect(await service.exit()).toBe(1);
  });

  it('stops with 1 when its work does not end within 8 s', async () => {
    const service = start('hang');
    await isStarted(service);
    service.child.kill('SIGTERM');
    expect(await service.exit()).toBe(1);
    expect(service.output()).toContain('work was still running after 8000 ms');
  }, 15_000);

  it.each([
    ['shut-down', 3, 'stopped'],
    ['fail', 1, 'could not start: an unexpected error'],
    ['reject', 1, 'uncaught error: the process ends'],
    ['never-ready', 75, 'could not start: PostgreSQL did not become ready within 0.001 s: refused'],
  ])('that is told to %s exits with %i and says why', async (behaviour, code, text) => {
    const service = start(behaviour);
    expect(await service.exit()).toBe(code);
    expect(service.lines().at(-1)).toMatchObject({ msg: text });
  });

  it('whose lease meets only what nobody expected exits with 1 and says so', async () => {
    const service = start('lose-lease');
    expect(await service.exit()).toBe(1);
    expect(service.lines().slice(-2)).toMatchObject([
      { msg: 'leases cannot be renewed: 10 unexpected errors in a row, so the process ends' },
      { msg: 'uncaught error: the process ends', err: { stack: expect.stringContaining('fixtures/service.ts') } },
    ]);
  });

  it('exits with 78 and names every wrong variable, without values', async () => {
    const service = start('ready', { DB_HOST: '', DB_PORT: '99999999', HTTP_PORT: 'canary' });
    expect(await service.exit()).toBe(78);
    expect(service.output()).toMatch(/HTTP_PORT.*DB_HOST: not set.*DB_PORT/);
    expect(service.output()).not.toMatch(/canary|99999999/);
  });

  it('exits with 78 when its port is taken', async () => {
    const first = start('ready');
    const { port } = new URL(await first.url());
    const second = start('ready', { HTTP_PORT: port });
    expect(await second.exit()).toBe(78);
    expect(second.output()).toContain('set HTTP_HOST and HTTP_PORT');
  });

  it('closes 1,000 connections whose headers do not come, and responds to others meanwhile', async () => {
    const service = start('ready');
    const url = await service.url();
    const openedAt = performance.now();
    const closed = await Promise.all(Array.from({ length: SLOW_CONNECTIONS }, () => openSlowly(url)));
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const replies = await Promise.all(closed.map(({ end }) => end));
    expect(new Set(replies.map((reply) => reply.split('\r\n')[0]))).toEqual(new Set([FAULT_TEXTS.slowConnection.text]));
    expect(performance.now() - openedAt).toBeGreaterThan(HEADERS_TIMEOUT_MS);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('reads .env, below the variables of the process', async () => {
    writeFileSync(join(folder, '.env'), 'BEHAVIOUR=fail\nDB_HOST=from-file\n');
    const service = start('shut-down', { DB_HOST: undefined });
    expect(await service.exit()).toBe(3);
    rmSync(join(folder, '.env'));
  });

  it('shows no secret in its log, in a response, or to a child process', async () => {
    const service = start('ready');
    const response = await fetch(`${await service.url()}/fail`);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ error: 'internal error' });
    await waitFor(() => service.lines().some(({ msg }) => msg === 'request failed'));
    expect(service.output()).not.toContain('canary');
    expect(service.lines().find(({ msg }) => msg === 'environment')).toMatchObject({ inherited: null });
    const shown = { value: 'set', origin: 'environment' };
    expect(service.lines().find(({ msg }) => msg === 'settings in force')).toMatchObject({ shown });
  });

  it('is alive while a part it needs is not ready, and says which', async () => {
    const service = start('blocked');
    const url = await service.url();
    await isStarted(service);
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      status: 'not ready',
      checks: { service: 'ok', broker: 'blocked: low on memory' },
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('service_not_ready{check="broker"} 1');
    expect(metrics).toContain('service_not_ready{check="service"} 0');
    for (const path of ['/livez', '/healthz']) expect((await fetch(url + path)).status).toBe(200);
  });

  it('is not ready as soon as it is asked to stop', async () => {
    const service = start('hang');
    const url = await service.url();
    await isStarted(service);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    service.child.kill('SIGTERM');
    await waitFor(async () => (await fetch(`${url}/readyz`)).status === 503);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  it('serves metrics and tells nothing of itself', async () => {
    const service = start('ready');
    const response = await fetch(`${await service.url()}/metrics`);
    expect(await response.text()).toContain('process_resident_memory_bytes');
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});
