import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectBroker } from '@pipeline/broker';
import { type Claim, claimTask, cycleProgress, registerPipeline, startCycle, startRun } from '@pipeline/control';
import { inTransaction, type Pool } from '@pipeline/postgres';
import { batchesQueue, commonTopology, type Logger, mergeTopologies, sourceTopology } from '@pipeline/protocol';
import { nodeOptions } from '@pipeline/service/config';
import type { TestDatabase, TestVhost } from '@pipeline/testing';
import { batchMessages } from './batches.ts';
import { type Dataset, STREAM } from './dataset.ts';
import { type Measurement, measure } from './measurement.ts';

const SOURCE = 'bench';
const PIPELINE = 'pipeline_bench_to_postgres';
const ENTRY = join(import.meta.dirname, '..', 'services', 'loader', 'src', 'main.ts');
const POLL_MS = 20;
const READY_MS = 5_000;
const LEASE_MS = 24 * 60 * 60 * 1_000;
const WINDOW = 4;

const silent: Logger = { debug: noop, info: noop, warn: noop, error: noop, child: () => silent };

/** Loaders that wait for batches, and a tap's claim under which the batches are loaded. */
export class LoaderFleet {
  readonly #database: TestDatabase;
  readonly #vhost: TestVhost;
  readonly #processes: ChildProcess[];
  readonly #claim: Claim;
  #seq = 0;

  private constructor(database: TestDatabase, vhost: TestVhost, processes: ChildProcess[], claim: Claim) {
    this.#database = database;
    this.#vhost = vhost;
    this.#processes = processes;
    this.#claim = claim;
  }

  static async start(database: TestDatabase, vhost: TestVhost, replicas: number): Promise<LoaderFleet> {
    const claim = await claimBench(database.pool);
    const broker = await connectBroker({ url: vhost.url, name: 'bench', logger: silent, topology: TOPOLOGY });
    const processes = Array.from({ length: replicas }, () =>
      spawn(process.execPath, [...nodeOptions('loader'), ENTRY], {
        env: {
          PATH: process.env['PATH'],
          HTTP_PORT: '0',
          LOG_LEVEL: 'warn',
          RABBITMQ_URL: vhost.url,
          ...database.environment,
        },
        stdio: ['ignore', 'inherit', 'inherit'],
      }),
    );
    while ((await broker.queueDepth(batchesQueue(SOURCE))).consumers < replicas) {
      if (processes.some(({ exitCode }) => exitCode !== null)) throw new Error('a loader did not start');
      await sleep(POLL_MS);
    }
    await broker.close();
    // What a process does once at its start is no part of the rate.
    await sleep(READY_MS);
    return new LoaderFleet(database, vhost, processes, claim);
  }

  /** From the first publish to the last commit. */
  async measure(dataset: Dataset): Promise<Measurement> {
    const messages = [...batchMessages(dataset, this.#claim, this.#seq)];
    this.#seq += messages.length;
    const broker = await connectBroker({ url: this.#vhost.url, name: 'bench', logger: silent, topology: TOPOLOGY });
    const publisher = broker.publisher({ window: WINDOW });
    try {
      return await measure(async (watch) => {
        for (const { pid } of this.#processes) if (pid !== undefined) watch(pid);
        await Promise.all(messages.map((message) => publisher.publish(message)));
        while ((await this.#committed()) < this.#seq) await sleep(POLL_MS);
      });
    } finally {
      await broker.close();
    }
  }

  async stop(): Promise<void> {
    for (const child of this.#processes) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
  }

  async #committed(): Promise<number> {
    const { rows } = await this.#database.pool.query<{ batches: string }>(
      'select count(*) as batches from pipeline.ledger where epoch = $1',
      [this.#claim.epoch],
    );
    return Number(rows[0]?.batches ?? 0);
  }
}

const TOPOLOGY = mergeTopologies(commonTopology, sourceTopology(SOURCE));

async function claimBench(pool: Pool): Promise<Claim> {
  await registerPipeline(pool, { name: PIPELINE, source: SOURCE, streams: [{ name: STREAM, children: [] }] });
  const cycleId = await startCycle(pool, [PIPELINE]);
  if (cycleId === undefined) throw new Error('the database has a live cycle');
  await inTransaction(pool, async (client) => {
    await cycleProgress(client, cycleId);
    await startRun(client, cycleId, PIPELINE);
  });
  const { rows } = await pool.query<{ id: string }>(`select id from pipeline.tasks where status = 'queued'`);
  const claim = await claimTask(pool, { taskId: rows[0]?.id ?? '', claimedBy: 'bench', leaseMs: LEASE_MS });
  if (claim === undefined) throw new Error('the task of the benchmark cannot be claimed');
  return claim;
}

function noop(): void {}
