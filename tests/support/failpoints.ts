import type { Platform } from './platform.ts';
import type { ServiceProcess } from './service-process.ts';

const REVIVE_MS = 200;

/** Starts services again with a failpoint in their environment, one per life: `{ loader: ['loader.after_copy:2', 'loader.after_copy:1'] }`
 *  crashes twice and then lives. Restarts whatever dies until {@link Crashes.stop}. */
export interface Crashes {
  /** The failpoints that have not struck. */
  pending(): string[];
  stop(): void;
}

export async function armFailpoints(platform: Platform, armed: Record<string, string[]>): Promise<Crashes> {
  const lives: { service: ServiceProcess; failpoint: string }[] = [];
  const waiting = new Map(Object.entries(armed).map(([name, failpoints]) => [name, [...failpoints]]));
  const startNext = (name: string) => {
    const failpoint = waiting.get(name)?.shift();
    const service = platform.start(name, failpoint === undefined ? {} : { FAILPOINT: failpoint });
    if (failpoint !== undefined) lives.push({ service, failpoint });
  };
  for (const name of waiting.keys()) {
    await platform.services.get(name)?.stop();
    startNext(name);
  }
  const reviver = setInterval(() => {
    for (const [name, service] of platform.services) if (!service.isRunning()) startNext(name);
  }, REVIVE_MS);
  return {
    pending: () => [
      ...lives.filter(({ service }) => service.killedBy() !== 'SIGKILL').map(({ failpoint }) => failpoint),
      ...[...waiting.values()].flat(),
    ],
    stop: () => clearInterval(reviver),
  };
}
