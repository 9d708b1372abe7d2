import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { type RabbitmqServer, startRabbitmq } from '../src/index.ts';

/** Several starts in one test, each of which may take half a minute on a busy machine. */
const TIMEOUT_MS = 240_000;
jest.setTimeout(TIMEOUT_MS);

let dataDir: string;
let server: RabbitmqServer;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'local-rabbitmq-'));
  server = await startRabbitmq({ dataDir, hasManagement: true });
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true });
});

async function request(method: string, path: string, body?: object): Promise<number> {
  const response = await fetch(`http://${server.host}:${server.managementPort}/api${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${server.user}:${server.password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.status;
}

describe('RabbitMQ as a local process', () => {
  it('keeps its queues, password and ports over a kill', async () => {
    const { port, password, managementPort } = server;
    const queue = { durable: true, arguments: { 'x-queue-type': 'quorum' } };
    expect(await request('PUT', '/queues/%2f/kept', queue)).toBe(201);
    await server.kill();
    expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
    server = await startRabbitmq({ dataDir, hasManagement: true });

    expect(server).toMatchObject({ port, password, managementPort });
    expect(await request('GET', '/queues/%2f/kept')).toBe(200);
  });

  it('can be told things by rabbitmqctl', async () => {
    await server.control('set_disk_free_limit', '77MB');
    expect(await server.control('environment')).toContain('{disk_free_limit');
    await expect(server.control('no_such_command')).rejects.toThrow('no_such_command');
  });

  it('has a cookie of its own, which only its owner reads', () => {
    expect(readFileSync(join(dataDir, '.erlang.cookie'), 'utf8')).toMatch(/^\w{20}/);
  });

  it('is not started twice in one folder', async () => {
    await expect(startRabbitmq({ dataDir })).rejects.toThrow(`in use by process ${process.pid}`);
  });

  it('leaves no process behind', async () => {
    const epmd: { child: { pid: number } } = JSON.parse(readFileSync(join(dataDir, 'epmd.pid'), 'utf8'));
    await server.stop();

    for (const pid of [server.pid, epmd.child.pid]) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(existsSync(join(dataDir, 'rabbitmq.pid'))).toBe(false);
  });
});
