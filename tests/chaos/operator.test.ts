import { setTimeout as sleep } from 'node:timers/promises';
import { type Broker, connectBroker } from '@pipeline/broker';
import { batchesQueue } from '@pipeline/protocol';
import { Random } from '../../services/sandbox/src/random.ts';
import { CYCLE_TIMEOUT_MS, expectExact, sized, startChaosPlatform, untilQuiet } from '../support/chaos.ts';
import { COMMANDS } from '../support/operator.ts';
import type { Platform } from '../support/platform.ts';
import { startStateProbe } from '../support/state-probe.ts';

const ROUNDS = sized({ ci: 60, full: 600 });
const EVERY_MS = 200;
const MUTATE_EVERY_MS = 40;
const SEED = Number(process.env['CHAOS_SEED'] ?? 29);
/** Batches that are thrown to the dead letters. */
const THROWN_MAX = ROUNDS / 10;
/** It came too late, or cannot be done as things are. */
const REFUSALS = [404, 409];
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger };

describe('an operator who does anything at any time', () => {
  let platform: Platform;
  let broker: Broker;
  beforeAll(async () => {
    platform = await startChaosPlatform({ sources: ['hubspot'], sandbox: { deals: 150 } });
    await platform.runCycle({ timeoutMs: CYCLE_TIMEOUT_MS });
    const topology = { exchanges: [], queues: [], bindings: [] };
    broker = await connectBroker({ url: platform.brokerUrl, name: 'operator test', logger, topology });
  }, CYCLE_TIMEOUT_MS);
  afterAll(async () => {
    await broker.close();
    await platform.stop();
  }, 60_000);

  /** A loader that takes some batches and gives them up, healthy as they are. */
  const throwSomeAway = async () => {
    let thrown = 0;
    const consumer = await broker.consume({ queue: batchesQueue('hubspot'), prefetch: 1 }, async () => {
      thrown += 1;
      if (thrown >= THROWN_MAX) void consumer.stop();
      return 'dead-letter';
    });
    return consumer;
  };
  /** The column does not take what the source sends: its records are rejected. */
  const setNameType = (type: string) =>
    platform.database.pool.query(`alter table hubspot.owners alter column first_name type ${type} using null`);
  const audited = async () => {
    const { rows } = await platform.database.pool.query<{ action: string; count: number }>(
      'select action, count(*)::int from pipeline.audit_log group by action',
    );
    return Object.fromEntries(rows.map(({ action, count }) => [action, count]));
  };

  it(
    'breaks nothing, and every command that took effect is in the audit log',
    async () => {
      const random = new Random(SEED);
      const done: Record<string, number> = {};
      const unexpected: string[] = [];
      const probe = startStateProbe(platform.database.pool);
      platform.sandbox.mutations.start({ count: 1_000_000, everyMs: MUTATE_EVERY_MS, seed: SEED });
      const thief = await throwSomeAway();
      await setNameType('integer');
      for (let round = 0; round < ROUNDS; round += 1) {
        if (round === ROUNDS / 2) await setNameType('text');
        const { action, run } = random.pick(COMMANDS);
        const status = await run(platform, random);
        if (status === 200 || status === 202) done[action] = (done[action] ?? 0) + 1;
        else if (status !== undefined && !REFUSALS.includes(status)) unexpected.push(`${action}: ${status}`);
        await sleep(EVERY_MS);
      }
      await thief.stop();
      expect(unexpected).toEqual([]);
      expect(await audited()).toEqual(done);

      platform.sandbox.mutations.stop();
      const { pool } = platform.database;
      await pool.query('update pipeline.pipelines set paused = false');
      await untilQuiet(platform);
      await pool.query(`update pipeline.dead_letters set status = 'discarded'`);
      // While the pipeline was paused, most of a table may have been deleted.
      const everything = { fullRead: true, massDeletes: true, timeoutMs: CYCLE_TIMEOUT_MS };
      expect(await platform.runCycle(everything)).toBe('succeeded');
      await expectExact(platform);
      expect((await probe.stop()).violations).toEqual([]);
    },
    ROUNDS * EVERY_MS + 3 * CYCLE_TIMEOUT_MS,
  );
});
