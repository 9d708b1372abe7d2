import { ChaosProxy, waitFor } from '@pipeline/testing';
import { CYCLE_TIMEOUT_MS } from '../support/chaos.ts';
import type { OwnStack } from '../support/own-stack.ts';
import { untilRunWaits, waits } from '../support/page.ts';
import { readiness } from '../support/service-http.ts';

/** How the wait of a task ends. */
const SINCE = ' \\(since \\d\\d:\\d\\d:\\d\\d UTC\\)$';
const LOADERS = ['loader', 'loader-2'];

export const untilRunWaitsForAlarm = (platform: OwnStack, alarm: string): Promise<void> =>
  untilRunWaits(platform, new RegExp(`^RabbitMQ takes no messages: low on ${alarm}; .*${SINCE}`));

/** Cuts the network between the only loader and each server in turn, while a run goes on. */
export async function cutNetwork(platform: OwnStack, startRun: () => Promise<void>): Promise<void> {
  const { postgres, rabbitmq } = platform.servers.connections;
  const [toPostgres, toRabbitmq] = await Promise.all([ChaosProxy.start(postgres), ChaosProxy.start(rabbitmq)]);
  const url = new URL(platform.brokerUrl);
  url.host = `${toRabbitmq.host}:${toRabbitmq.port}`;
  const cut = (proxy: ChaosProxy) => {
    proxy.set({ kind: 'black-hole' });
    proxy.reset();
  };
  await Promise.all(LOADERS.map((name) => platform.service(name).stop()));
  const loader = platform.start('loader', { DB_PORT: String(toPostgres.port), RABBITMQ_URL: url.href });
  await waitFor(async () => (await readiness(loader))['rabbitmq'] === 'ok', { timeoutMs: CYCLE_TIMEOUT_MS });
  await startRun();
  cut(toRabbitmq);
  await untilRunWaits(platform, new RegExp(`^RabbitMQ cannot be reached: not connected; .*${SINCE}`));
  toRabbitmq.set();
  toRabbitmq.reset();
  await waitFor(async () => (await waits(platform)).length === 0, { timeoutMs: CYCLE_TIMEOUT_MS });
  cut(toPostgres);
  await untilRunWaits(platform, new RegExp(`^loader gives no sign of life: .* cannot reach PostgreSQL${SINCE}`));
  toPostgres.set();
  toPostgres.reset();
  await waitFor(async () => (await readiness(loader))['postgres'] === 'ok', { timeoutMs: CYCLE_TIMEOUT_MS });
  await loader.stop();
  for (const name of LOADERS) platform.start(name);
  await Promise.all([toPostgres.close(), toRabbitmq.close()]);
}
