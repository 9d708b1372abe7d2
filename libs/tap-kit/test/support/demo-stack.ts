import { zstdDecompressSync } from 'node:zlib';
import { type Broker, connectBroker } from '@pipeline/broker';
import { migrateControl, relayOutbox, startCycle, startRun } from '@pipeline/control';
import { inTransaction } from '@pipeline/postgres';
import {
  BatchHeaders,
  batchesQueue,
  commonTopology,
  Manifest,
  mergeTopologies,
  pipelineName,
  sourceTopology,
} from '@pipeline/protocol';
import { createTestDatabase, createTestVhost, type TestDatabase, type TestVhost, waitFor } from '@pipeline/testing';
import { DemoApi } from './demo-api.ts';
import { type DemoProcess, PATIENT, startDemoTap } from './demo-process.ts';
import { keptLog } from './deps.ts';
import type { ReceivedBatch } from './received-batch.ts';

interface TaskRow {
  stream: string;
  status: string;
  attempts: number;
  error: string | null;
}

/** Database, broker and API around the demo tap as a service; the test plays scheduler and loader. */
export class DemoStack {
  readonly api = new DemoApi();
  readonly batches: ReceivedBatch[] = [];
  readonly database: TestDatabase;
  readonly broker: Broker;
  readonly #vhost: TestVhost;
  readonly #taps: DemoProcess[] = [];

  private constructor(database: TestDatabase, vhost: TestVhost, broker: Broker) {
    this.database = database;
    this.broker = broker;
    this.#vhost = vhost;
  }

  static async start(): Promise<DemoStack> {
    const database = await createTestDatabase({ name: 'control', prepare: migrateControl });
    const vhost = await createTestVhost();
    const { logger } = keptLog();
    const topology = mergeTopologies(commonTopology, sourceTopology('demo'));
    const broker = await connectBroker({ url: vhost.url, name: 'test', logger, topology });
    const stack = new DemoStack(database, vhost, broker);
    await stack.api.start();
    await broker.consume({ queue: batchesQueue('demo'), prefetch: 1 }, (delivery) => {
      const headers = BatchHeaders.parse(delivery.headers);
      const manifest = headers.manifest === undefined ? undefined : Manifest.parse(JSON.parse(headers.manifest));
      const lines = zstdDecompressSync(delivery.body).toString('utf8').trimEnd().split('\n');
      stack.batches.push({ headers, manifest, body: delivery.body, lines });
      return Promise.resolve('ack');
    });
    return stack;
  }

  startTap(environment: Record<string, string> = {}): DemoProcess {
    const tap = startDemoTap([], {
      ...this.database.environment,
      RABBITMQ_URL: this.#vhost.url,
      HTTP_PORT: '0',
      LOG_FORMAT: 'json',
      DEMO_TOKEN: this.api.token,
      DEMO_BASE_URL: this.api.url,
      ...environment,
    });
    this.#taps.push(tap);
    return tap;
  }

  /** A tap that has registered its pipeline. */
  async startRegistered(environment?: Record<string, string>): Promise<DemoProcess> {
    await this.database.pool.query('delete from pipeline.pipelines');
    const tap = this.startTap(environment);
    await waitFor(() => this.isRegistered(), PATIENT).catch((error: unknown) => {
      throw new Error(`the tap did not register: ${tap.stdout()} ${tap.stderr()}`, { cause: error });
    });
    return tap;
  }

  async isRegistered(): Promise<boolean> {
    const { rowCount } = await this.database.pool.query('select from pipeline.pipelines where name = $1', [
      pipelineName('demo'),
    ]);
    return rowCount === 1;
  }

  /** Starts a run of the pipeline and sends its commands. */
  async run(connection = 'demo'): Promise<void> {
    const { pool } = this.database;
    const pipeline = pipelineName(connection);
    const cycleId = await startCycle(pool, [pipeline]);
    if (cycleId === undefined) throw new Error('a cycle is live');
    await inTransaction(pool, (client) => startRun(client, cycleId, pipeline));
    await this.relay();
  }

  /** Publishes what the control plane has to say, as the scheduler does. */
  async relay(): Promise<void> {
    await relayOutbox(this.database.pool, ({ id, exchange, routingKey, type, body }) =>
      this.broker.publisher().publish({
        exchange,
        routingKey,
        messageId: id,
        type,
        contentType: 'application/json',
        body: Buffer.from(body),
      }),
    );
  }

  /** The tasks of the latest run. */
  async tasks(): Promise<Record<string, TaskRow>> {
    const { rows } = await this.database.pool.query<TaskRow>(
      `select stream, status, attempts, error from pipeline.tasks
       where run_id = (select id from pipeline.runs order by started_at desc limit 1)`,
    );
    return Object.fromEntries(rows.map((row) => [row.stream, row]));
  }

  /** Throws away what waits in a queue. */
  purge(queue: string): Promise<void> {
    return this.#vhost.purge(queue);
  }

  /** Ends what a test has left, also its taps. */
  async reset(): Promise<void> {
    for (const tap of this.#taps.splice(0)) {
      tap.child.kill('SIGKILL');
      await tap.exited;
    }
    await this.database.pool.query('delete from pipeline.cycles');
    await this.database.pool.query('truncate pipeline.outbox, pipeline.rate_limits');
    await this.purge('tap-demo.commands');
    this.batches.length = 0;
    this.api.requests.length = 0;
  }

  async stop(): Promise<void> {
    await this.reset();
    await this.api.stop();
    await this.broker.close();
    await this.#vhost.delete();
    await this.database.drop();
  }
}
