import { type LocalServers, startLocalServers } from '@pipeline/testing';
import { type ChaosOptions, startChaosPlatform } from './chaos.ts';
import type { Platform } from './platform.ts';

/** The platform on a PostgreSQL and a RabbitMQ of its own, which the test may stop, kill and start again. Their first cycle should be over,
 *  or ten seconds past, before the broker is killed: RabbitMQ loses a quorum queue that is a few seconds old. */
export interface OwnStack extends Platform {
  servers: LocalServers;
}

export async function startOwnStack(options: ChaosOptions = {}): Promise<OwnStack> {
  const servers = await startLocalServers();
  try {
    const platform = await startChaosPlatform({ ...options, servers });
    return { ...platform, servers, stop: () => platform.stop().finally(servers.stop) };
  } catch (error) {
    await servers.stop();
    throw error;
  }
}
