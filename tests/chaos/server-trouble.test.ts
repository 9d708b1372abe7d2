import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Broker, connectBroker } from '@pipeline/broker';
import { batchesQueue, COMMANDS_EXCHANGE, commandsQueue, SCHEDULER_EVENTS_QUEUE } from '@pipeline/protocol';
import { waitFor } from '@pipeline/testing';
import { faultText } from '../fault-texts.ts';
import { CYCLE_TIMEOUT_MS, expectExact, failedRuns, requestRuns, sized, untilQuiet } from '../support/chaos.ts';
import { ChaosSource } from '../support/chaos-source.ts';
import { fill } from '../support/load.ts';
import { type OwnStack, startOwnStack } from '../support/own-stack.ts';
import { untilRunWaits } from '../support/page.ts';
import { CANARIES, expectNoSecret, readEvents } from '../support/secret-search.ts';
import { metric, readiness } from '../support/service-http.ts';
import { cutNetwork, fillDisk, refuseLogin } from './shown-waits.ts';

const POSTGRES_AWAY_MS = sized({ ci: 8_000, full: 180_000 });
const ALARM_MS = sized({ ci: 5_000, full: 60_000 });
const RESUME_MS_MAX = 10_000;
const CONSUMER_BACK_MS_MAX = 15_000;
const ALARMS = [
  { alarm: 'memory', on: ['set_vm_memory_high_watermark', '0.0001'], off: ['set_vm_memory_high_watermark', '0.4'] },
  { alarm: 'disk', on: ['set_disk_free_limit', '999999GB'], off: ['set_disk_free_limit', '50MB'] },
];
const QUEUES = [batchesQueue('hubspot'), commandsQueue('hubspot'), SCHEDULER_EVENTS_QUEUE];
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger };

/** RabbitMQ's consumer time-out, and a run that takes several times as long. */
const ACK_TIMEOUT_MS = sized({ ci: 4_000, full: 60_000 });
const PAGES = 40;
const PAGE_MS = sized({ ci: 250, full: 7_500 });
const HELD = 'held';

describe('trouble of PostgreSQL and RabbitMQ in the middle of a run', () => {
  let platform: OwnStack;
  let broker: Broker;
  let source: ChaosSource;
  let stopReading: () => Promise<string>;
  beforeAll(async () => {
    source = await ChaosSource.start();
    fill(source, { events: 100, items: 100 });
    platform = await startOwnStack({
      ownSource: source,
      sources: ['hubspot'],
      sandbox: { deals: 400 },
      environment: CANARIES,
    });
    await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS });
    stopReading = readEvents(platform);
    const topology = { exchanges: [], queues: [], bindings: [] };
    broker = await connectBroker({ url: platform.brokerUrl, name: 'trouble test', logger, topology });
  }, CYCLE_TIMEOUT_MS);
  afterAll(async () => {
    await broker.close();
    await platform.stop();
  }, 60_000);

  /** Starts a run that takes some seconds, and waits until it is read. */
  const startRun = async () => {
    platform.sandbox.mutations.start({ count: 200, seed: 17 });
    fill(source, { events: 100 * PAGES, items: 0 });
    source.delayMs = PAGE_MS;
    await requestRuns(platform, { fullRead: true });
    await waitFor(
      async () => {
        const { rowCount } = await platform.database.pool.query(
          `select from pipeline.attempts where outcome is null and stream in ('events', 'deals')`,
        );
        return rowCount === 2;
      },
      { timeoutMs: CYCLE_TIMEOUT_MS, intervalMs: 5, what: 'a run that is under way' },
    );
  };
  /** Every run has come to a good end, and what was changed meanwhile is there after one more. */
  const expectConverged = async () => {
    source.delayMs = 0;
    await untilQuiet(platform);
    expect(await failedRuns(platform)).toEqual([]);
    expect(await platform.runCycle({ fullRead: true, timeoutMs: CYCLE_TIMEOUT_MS })).toBe('succeeded');
    await expectExact(platform);
    for (const [name, service] of platform.services) expect([name, service.isRunning()]).toEqual([name, true]);
  };
  const rabbitmqctl = (...args: string[]) => platform.servers.rabbitmq.control(...args);

  it(
    `waits while PostgreSQL is away for ${POSTGRES_AWAY_MS / 1_000} s`,
    async () => {
      await startRun();
      await platform.servers.postgres.stop();
      await waitFor(async () => (await readiness(platform.service('loader')))['postgres'] !== 'ok');
      await sleep(POSTGRES_AWAY_MS);
      await platform.servers.postgres.start();
      await expectConverged();
    },
    3 * CYCLE_TIMEOUT_MS + POSTGRES_AWAY_MS,
  );

  it.each(ALARMS)(
    'waits while RabbitMQ has a $alarm alarm, says so, and goes on within 10 s of its end',
    async ({ alarm, on, off }) => {
      await startRun();
      await rabbitmqctl(...on);
      const tap = platform.service('tap-chaos');
      const scheduler = platform.service('scheduler');
      const isBlocked = async () => {
        const { rabbitmq } = await readiness(tap);
        return rabbitmq?.includes(`low on ${alarm}`);
      };
      try {
        await waitFor(isBlocked, { timeoutMs: 30_000, what: 'a tap that says that it is blocked' });
        await untilRunWaits(platform, faultText('brokerAlarm'));
        await sleep(ALARM_MS);
        expect(await isBlocked()).toBe(true);
      } finally {
        await rabbitmqctl(...off);
      }
      const endedAt = performance.now();
      await waitFor(async () => {
        const checks = await Promise.all([tap, scheduler].map(readiness));
        return checks.every(({ rabbitmq }) => rabbitmq === 'ok');
      });
      expect(performance.now() - endedAt).toBeLessThan(RESUME_MS_MAX);
      await expectConverged();
    },
    3 * CYCLE_TIMEOUT_MS + ALARM_MS,
  );

  it.each([
    ['says whose disk is full, since when and what waits, and goes on by itself when there is room', fillDisk],
    ['says once a minute that the login is refused, while the password of the database is another one', refuseLogin],
    [
      'says in the run what it waits for, and since when, while a network is cut between a loader and the servers',
      cutNetwork,
    ],
  ])(
    '%s',
    async (_, bring) => {
      await bring(platform, startRun);
      await expectConverged();
    },
    4 * CYCLE_TIMEOUT_MS,
  );

  it(
    'has every consumer back within 15 s after its queue was deleted, and reads again what was lost with it',
    async () => {
      // Loaders hold their batches at this gate, so there is something in the queue to lose.
      const gate = await platform.database.pool.connect();
      await gate.query('begin; set local idle_in_transaction_session_timeout = 0');
      await gate.query('lock table pipeline.ledger in share mode');
      platform.sandbox.mutations.start({ count: 200, seed: 18 });
      await requestRuns(platform, { fullRead: true });
      await waitFor(async () => (await broker.queueDepth(batchesQueue('hubspot'))).messages > 0, {
        timeoutMs: CYCLE_TIMEOUT_MS,
        what: 'batches that wait',
      });
      for (const queue of QUEUES) await rabbitmqctl('delete_queue', queue);
      await gate.query('rollback');
      gate.release();
      const deletedAt = performance.now();
      const isConsumed = async (queue: string) => (await broker.queueDepth(queue)).consumers > 0;
      await waitFor(async () => (await Promise.all(QUEUES.map(isConsumed))).every(Boolean), {
        timeoutMs: 2 * CONSUMER_BACK_MS_MAX,
      });
      expect(performance.now() - deletedAt).toBeLessThan(CONSUMER_BACK_MS_MAX);
      await expectConverged();
    },
    3 * CYCLE_TIMEOUT_MS,
  );

  it('has shown none of its secrets in a log, a response, an event, a metric or a table, whatever went wrong', async () => {
    const events = await stopReading();
    expect(events).toContain('data:');
    await expectNoSecret(platform, [['events of the page', [Buffer.from(events)]]]);
  });

  describe('where RabbitMQ takes back what is not acked in time', () => {
    beforeAll(async () => {
      const settings = { consumer_timeout: ACK_TIMEOUT_MS, channel_tick_interval: ACK_TIMEOUT_MS / 4 };
      for (const [name, value] of Object.entries(settings)) {
        await rabbitmqctl('eval', `application:set_env(rabbit, ${name}, ${value}).`);
      }
      await rabbitmqctl('close_all_connections', 'other settings');
    });

    it(
      'has one attempt of a run that takes much longer, and no batch comes twice',
      async () => {
        const before = await loadedBefore();
        const startedAt = performance.now();
        await startRun();
        await untilQuiet(platform);
        expect(performance.now() - startedAt).toBeGreaterThan(2 * ACK_TIMEOUT_MS);
        const { rows } = await platform.database.pool.query(
          `select t.stream, t.attempts, t.status from pipeline.tasks t
           where t.run_id in (select id from pipeline.runs order by started_at desc limit 2) and (t.attempts <> 1 or t.status <> 'loaded')`,
        );
        expect(rows).toEqual([]);
        expect(await loadedBefore()).toBe(before);
        await expectConverged();
      },
      3 * CYCLE_TIMEOUT_MS + PAGES * PAGE_MS,
    );

    it(
      'would have a message twice if it were held as long as the work takes (mutation)',
      async () => {
        await broker.declare({
          exchanges: [],
          queues: [{ name: HELD, arguments: { 'x-queue-type': 'quorum' } }],
          bindings: [{ exchange: COMMANDS_EXCHANGE, queue: HELD, routingKey: HELD }],
        });
        const again = Promise.withResolvers<boolean>();
        await broker.consume({ queue: HELD, prefetch: 1 }, async ({ isRedelivered, signal }) => {
          if (isRedelivered) again.resolve(true);
          else await once(signal, 'abort');
          return 'ack';
        });
        const message = { messageId: HELD, type: 'run', contentType: 'text/plain', body: Buffer.from(HELD) };
        await broker.publisher().publish({ ...message, exchange: COMMANDS_EXCHANGE, routingKey: HELD });
        expect(await again.promise).toBe(true);
      },
      10 * ACK_TIMEOUT_MS + 60_000,
    );

    /** Batches that came although they were committed. */
    const loadedBefore = async () => {
      const counts = ['loader', 'loader-2'].map((name) =>
        metric(platform.service(name), 'loader_batches_total', { outcome: 'known' }),
      );
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    };
  });

  it(
    'goes on with an empty broker when its folder was wiped',
    async () => {
      const { rabbitmq } = platform.servers;
      await startRun();
      await rabbitmq.kill();
      await rm(join(rabbitmq.dataDir, 'data'), { recursive: true });
      await rabbitmq.start();
      await expectConverged();
    },
    3 * CYCLE_TIMEOUT_MS,
  );
});
