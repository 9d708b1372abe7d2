import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, startRabbitmq } from '@pipeline/local-stack';
import type { TestStack } from './connections.ts';

/** Jest's workers times the pools of one test file. */
const CONNECTIONS_MAX = 300;

/** Starts both servers as local processes, in a folder that is removed with them. @throws when one does not start. */
export async function startLocalServers(): Promise<TestStack> {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-test-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  const starts = await Promise.allSettled([
    startPostgres({ dataDir: join(folder, 'postgres'), settings: { max_connections: CONNECTIONS_MAX } }),
    startRabbitmq({ dataDir: join(folder, 'rabbitmq'), hasManagement: true }),
  ]);
  const stop = async () => {
    await Promise.all(starts.map((start) => (start.status === 'fulfilled' ? start.value.stop() : undefined)));
    removeFolder();
  };
  const [postgres, rabbitmq] = starts;
  if (postgres.status === 'rejected' || rabbitmq.status === 'rejected') {
    await stop();
    throw starts.find((start) => start.status === 'rejected')?.reason;
  }
  const { host, port, user, password } = postgres.value;
  const { managementPort = 0, ...broker } = rabbitmq.value;
  return {
    connections: {
      kind: 'local',
      postgres: { host, port, user, password },
      rabbitmq: { host: broker.host, port: broker.port, managementPort, user: broker.user, password: broker.password },
    },
    stop,
  };
}
