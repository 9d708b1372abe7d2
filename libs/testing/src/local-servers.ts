import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, startRabbitmq } from '@pipeline/local-stack';
import type { TestStack } from './connections.ts';
import { POSTGRES_SETTINGS } from './postgres-settings.ts';

/** A server that may die and comes back: on the same ports, with what it had on disk. */
export interface LocalServer {
  /** Ends it as an administrator would. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again. Returns when it responds. */
  start(): Promise<void>;
  /** Its folder; RabbitMQ's queues are in `data` below it. */
  dataDir: string;
}

/** A {@link TestStack} of local processes, which the test that started it may stop, kill and start again. */
export interface LocalServers extends TestStack {
  postgres: LocalServer;
  rabbitmq: LocalServer & {
    /** Runs `rabbitmqctl` with these arguments. */
    control(...args: string[]): Promise<string>;
  };
  /** How often one of them was killed. */
  kills(): number;
}

/** Starts both servers as local processes, in a folder that is removed with them. @throws when one does not start. */
export async function startLocalServers(): Promise<LocalServers> {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-test-'));
  const startPostgresHere = (dataDir: string, port?: number) =>
    startPostgres({ dataDir, settings: POSTGRES_SETTINGS, ...(port === undefined ? {} : { port }) });
  const startRabbitmqHere = (dataDir: string, port?: number) =>
    startRabbitmq({ dataDir, hasManagement: true, ...(port === undefined ? {} : { port }) });
  const starts = await Promise.allSettled([
    restartable(join(folder, 'postgres'), startPostgresHere),
    restartable(join(folder, 'rabbitmq'), startRabbitmqHere),
  ]);
  const stop = async () => {
    await Promise.all(starts.map((start) => (start.status === 'fulfilled' ? start.value.stop() : undefined)));
    rmSync(folder, { recursive: true, force: true });
  };
  const [postgres, rabbitmq] = starts;
  if (postgres.status === 'rejected' || rabbitmq.status === 'rejected') {
    await stop();
    throw starts.find((start) => start.status === 'rejected')?.reason;
  }
  const { host, port, user, password } = postgres.value.server;
  const { managementPort = 0, ...broker } = rabbitmq.value.server;
  return {
    connections: {
      kind: 'local',
      postgres: { host, port, user, password },
      rabbitmq: { host: broker.host, port: broker.port, managementPort, user: broker.user, password: broker.password },
    },
    postgres: postgres.value,
    // The node keeps its name and ports, so the first start knows how to reach all that follow.
    rabbitmq: { ...rabbitmq.value, control: rabbitmq.value.server.control },
    kills: () => postgres.value.kills() + rabbitmq.value.kills(),
    stop,
  };
}

interface Running {
  port: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** `server` is the one that was started first: where it listens and who may enter hold for all that follow. */
async function restartable<Server extends Running>(
  dataDir: string,
  start: (dataDir: string, port?: number) => Promise<Server>,
): Promise<LocalServer & { server: Server; kills(): number }> {
  const server = await start(dataDir);
  let current = server;
  let kills = 0;
  return {
    server,
    dataDir,
    stop: () => current.stop(),
    kill: async () => {
      await current.kill();
      kills += 1;
    },
    kills: () => kills,
    start: async () => {
      current = await start(dataDir, server.port);
    },
  };
}
