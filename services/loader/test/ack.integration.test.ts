import { type Broker, connectBroker } from '@pipeline/broker';
import type { Claim } from '@pipeline/control';
import { createPool } from '@pipeline/postgres';
import {
  batchesQueue,
  batchRoutingKey,
  commonTopology,
  mergeTopologies,
  SINGER_EXCHANGE,
  sourceTopology,
} from '@pipeline/protocol';
import { Registry } from '@pipeline/service';
import { createTestVhost, type TestDatabase, type TestVhost, waitFor } from '@pipeline/testing';
import { createWarehouse } from '@pipeline/warehouse';
import { claim, controlDatabase, endCycles, startTasks } from '../../../libs/control/test/support.ts';
import { createBatchHandler } from '../src/batch-handler.ts';
import { createMetrics } from '../src/metrics.ts';
import { batchOf, limits, logger } from './support/batches.ts';

const SOURCE = 'test';
const QUEUE = batchesQueue(SOURCE);
const LOADER = 'loader under test';

describe('a loader that dies in the middle of its transaction', () => {
  let database: TestDatabase;
  let vhost: TestVhost;
  let tap: Broker;
  beforeAll(async () => {
    database = await controlDatabase();
    vhost = await createTestVhost();
    tap = await connect();
  });
  afterEach(() => endCycles(database.pool));
  afterAll(async () => {
    await tap.close();
    await vhost.delete();
    await database.drop();
  });

  const connect = () =>
    connectBroker({
      url: vhost.url,
      name: LOADER,
      logger,
      topology: mergeTopologies(commonTopology, sourceTopology(SOURCE)),
    });

  const startLoader = async (acks: 'after the commit' | 'before the commit') => {
    const pool = createPool({ ...database.options, applicationName: LOADER });
    const broker = await connect();
    const dying = new AbortController();
    const handle = createBatchHandler({
      pool,
      warehouse: createWarehouse({ pool }),
      finaliser: { wake: () => undefined, stop: () => Promise.resolve() },
      metrics: createMetrics(new Registry()),
      logger,
      limits,
      signal: dying.signal,
      onDefect: () => undefined,
    });
    await broker.consume({ queue: QUEUE, prefetch: 1 }, async ({ routingKey, headers, body }) => {
      const settlement = handle({ queue: QUEUE, routingKey, headers, body });
      return acks === 'after the commit' ? settlement : 'ack';
    });
    return {
      /** Its sessions end wherever they are, then its connection to the broker. */
      die: async () => {
        dying.abort();
        await database.pool.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
          [LOADER],
        );
        await broker.close();
        await pool.end();
      },
    };
  };

  const publish = async (task: Claim, seq: number) => {
    const { headers: all, body } = await batchOf(task, { seq, records: [{ id: seq }] });
    const { manifest: _, ...headers } = all;
    await tap.publisher().publish({
      exchange: SINGER_EXCHANGE,
      routingKey: batchRoutingKey(SOURCE, task.stream),
      messageId: `${task.epoch}/${seq}`,
      type: 'batch',
      headers,
      contentType: 'application/x-ndjson',
      contentEncoding: 'zstd',
      body,
    });
  };

  /** Publishes batch 0, has its loader die before the commit, publishes batch 1 and starts another loader. Gives the batches that are loaded in the end. */
  const loadedAfterDeath = async (stream: string, acks: 'after the commit' | 'before the commit') => {
    const tasks = await startTasks(database.pool, stream);
    const task = await claim(database.pool, tasks.get(stream));
    const first = await startLoader(acks);
    const gate = await database.pool.connect();
    await gate.query('begin; lock table pipeline.ledger in share mode');
    await publish(task, 0);
    await waitFor(async () => {
      const { rowCount } = await database.pool.query(
        `select from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'`,
        [LOADER],
      );
      return rowCount === 1;
    });
    await first.die();
    await gate.query('rollback');
    gate.release();
    await publish(task, 1);
    const second = await startLoader(acks);
    const ledger = async () =>
      (
        await database.pool.query<{ seq: number }>('select seq from pipeline.ledger where epoch = $1 order by seq', [
          task.epoch,
        ])
      ).rows.map(({ seq }) => seq);
    // A batch that was given back is at the head of the queue: when the last one is loaded, it had its turn.
    await waitFor(async () => (await ledger()).includes(1) && (await tap.queueDepth(QUEUE)).messages === 0);
    const loaded = await ledger();
    await second.die();
    return loaded;
  };

  it('loses nothing: what is not committed is not acked, and comes again', async () => {
    expect(await loadedAfterDeath('late_ack', 'after the commit')).toEqual([0, 1]);
  });

  it('loses the batch when it acks before the commit (mutation)', async () => {
    expect(await loadedAfterDeath('early_ack', 'before the commit')).toEqual([1]);
  });
});
