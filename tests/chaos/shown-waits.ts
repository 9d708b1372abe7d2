import { setTimeout as sleep } from 'node:timers/promises';
import { quoteIdent, quoteLiteral } from '@pipeline/postgres';
import { ChaosProxy, waitFor } from '@pipeline/testing';
import { z } from 'zod';
import { faultText } from '../fault-texts.ts';
import { CYCLE_TIMEOUT_MS, sized, untilQuiet } from '../support/chaos.ts';
import type { OwnStack } from '../support/own-stack.ts';
import { incident, readStatus, untilRunWaits, waits } from '../support/page.ts';
import { readiness } from '../support/service-http.ts';
import { tableDisk } from '../support/table-disk.ts';

/** Longer than the 30 s that are promised: this machine may be busy. */
const ALERT_MS_MAX = 90_000;
/** How long the login is refused: long enough for a loop that repeats itself to show. */
const REFUSED_MS = sized({ ci: 8_000, full: 150_000 });
const MINUTE_MS = 60_000;
const TABLE = 'chaos.events';
const LOADERS = ['loader', 'loader-2'];

/** Fills the disk of a table while a run writes to it, and frees it again. */
export async function fillDisk(platform: OwnStack, startRun: () => Promise<void>): Promise<void> {
  const disk = await tableDisk(platform.database.pool, TABLE);
  try {
    await startRun();
    disk.fill();
    await untilRunWaits(platform, faultText('diskFull'));
    const alert = await waitFor(() => incident(platform, TABLE), { timeoutMs: ALERT_MS_MAX, what: 'an alert' });
    expect(alert).toMatchObject({
      ...{ code: '53100', kind: 'waiting', title: `${TABLE} waits`, effect: 'everything waits and goes on by itself' },
      openedAt: expect.any(String),
      cause: expect.stringMatching(faultText('diskFullAlert')),
      remedy: 'give the server of PostgreSQL room; nothing is lost, and everything goes on by itself afterwards',
    });
    disk.free();
    const isOver = async () => (await incident(platform, TABLE)) === undefined && (await waits(platform)).length === 0;
    await waitFor(isOver, { timeoutMs: CYCLE_TIMEOUT_MS, what: 'the end of the alert' });
    await untilQuiet(platform);
  } finally {
    await disk.remove();
  }
}

/** Gives the services' role another password in PostgreSQL for a while, in the middle of a run. */
export async function refuseLogin(platform: OwnStack, startRun: () => Promise<void>): Promise<void> {
  const { user, password } = platform.servers.connections.postgres;
  const admin = await platform.database.pool.connect();
  const setPassword = (text: string) => admin.query(`alter role ${quoteIdent(user)} password ${quoteLiteral(text)}`);
  try {
    // Whoever has looked before goes on seeing what was known.
    await readStatus(platform);
    await startRun();
    const startedAt = performance.now();
    await setPassword(`not ${password}`);
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    const services = [...platform.services];
    const haveTold = () => services.every(([, service]) => refusals(service.log()).length > 0);
    await waitFor(haveTold, { timeoutMs: 60_000, what: 'what services say' });
    await sleep(REFUSED_MS);
    const linesMax = 1 + Math.floor((performance.now() - startedAt) / MINUTE_MS);
    for (const [, service] of services) {
      const lines = refusals(service.log());
      for (const line of lines) expect(line).toMatch(faultText('loginRefused'));
      expect(lines.slice(linesMax)).toEqual([]);
    }
    const { verdict } = await readStatus(platform);
    expect(`${verdict.title}. ${verdict.text}`).toMatch(faultText('statusWithoutDatabase'));
    expect(verdict.state).toBe('down');
  } finally {
    await setPassword(password);
    admin.release();
  }
}

const Line = z.object({ msg: z.string() });

/** The lines of a log that say that the login is refused. */
function refusals(log: string): string[] {
  const lines = log.split('\n').filter((line) => line.includes('refuses the login'));
  return lines.map((line) => Line.parse(JSON.parse(line)).msg);
}

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
  await untilRunWaits(platform, faultText('networkCut'));
  toRabbitmq.set();
  toRabbitmq.reset();
  await waitFor(async () => (await waits(platform)).length === 0, { timeoutMs: CYCLE_TIMEOUT_MS });
  cut(toPostgres);
  await untilRunWaits(platform, faultText('serviceSilent'));
  toPostgres.set();
  toPostgres.reset();
  await waitFor(async () => (await readiness(loader))['postgres'] === 'ok', { timeoutMs: CYCLE_TIMEOUT_MS });
  await loader.stop();
  for (const name of LOADERS) platform.start(name);
  await Promise.all([toPostgres.close(), toRabbitmq.close()]);
}
