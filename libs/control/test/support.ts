import { inTransaction, type Pool, type PoolClient } from '@pipeline/postgres';
import type { BatchHeaders, Manifest } from '@pipeline/protocol';
import { createTestDatabase, type TestDatabase } from '@pipeline/testing';
import {
  type Claim,
  claimTask,
  cycleProgress,
  enterLedger,
  isCurrentEpoch,
  migrateControl,
  type RejectedRecord,
  recordCheckpoint,
  recordManifest,
  registerPipeline,
  rejectRecords,
  relayOutbox,
  startCycle,
  startRun,
} from '../src/index.ts';

/** A database with the control plane, cloned from a template. */
export function controlDatabase(): Promise<TestDatabase> {
  return createTestDatabase({ name: 'control', prepare: migrateControl });
}

export const PIPELINE = 'pipeline_test_to_postgres';

/** What a tap says of its source when it starts. */
export const SOURCE_DESCRIPTION = {
  source: 'test',
  label: 'Test',
  version: '1.0.0',
  settings: [],
  tokenHelp: null,
  consent: null,
  requestsPerDay: null,
  spreadsRequests: false,
  webhooks: null,
  streams: [],
};

/** A cycle with one run of the given streams. Returns the ids of its tasks, by stream. */
export async function startTasks(pool: Pool, ...streams: string[]): Promise<Map<string, string>> {
  await registerPipeline(pool, {
    name: PIPELINE,
    source: 'test',
    streams: streams.map((name) => ({ name, children: [] })),
  });
  const cycleId = await startCycle(pool, [PIPELINE]);
  if (cycleId === undefined) throw new Error('a cycle is live');
  await inTransaction(pool, async (client) => {
    await cycleProgress(client, cycleId);
    await startRun(client, cycleId, PIPELINE);
  });
  const { rows } = await pool.query<{ id: string; stream: string }>(
    'select t.id, t.stream from pipeline.tasks t join pipeline.runs r on r.id = t.run_id where r.cycle_id = $1',
    [cycleId],
  );
  return new Map(rows.map((row) => [row.stream, row.id]));
}

export async function claim(pool: Pool, taskId: string | undefined): Promise<Claim> {
  const claimed = await claimTask(pool, { taskId: taskId ?? '', claimedBy: 'tap-under-test' });
  if (claimed === undefined) throw new Error('the task cannot be claimed');
  return claimed;
}

/** Sets records of the stream `deals` aside, as of the first attempt that there was. */
export async function rejectDeals(pool: Pool, records: Pick<RejectedRecord, 'reason' | 'record'>[]): Promise<void> {
  const { rows } = await pool.query<{ epoch: string; runId: string }>(
    'select a.epoch, t.run_id as "runId" from pipeline.attempts a join pipeline.tasks t on t.id = a.task_id limit 1',
  );
  const [first] = rows;
  if (first === undefined) throw new Error('there was no attempt');
  const place = { pipeline: PIPELINE, stream: 'deals', runId: first.runId, epoch: Number(first.epoch) };
  const why = { seq: 0, position: 0, column: 'amount', sqlstate: '22003' };
  await rejectRecords(
    pool,
    records.map((record) => ({ ...place, ...why, ...record })),
  );
}

/** Ends whatever is live, so that the next test starts a cycle of its own. */
export async function endCycles(pool: Pool): Promise<void> {
  await pool.query(`update pipeline.attempts set outcome = 'failed' where outcome is null`);
  await pool.query(
    `update pipeline.tasks set status = 'failed', current_epoch = null where status in ('queued', 'running', 'loading')`,
  );
  await pool.query(`update pipeline.runs set status = 'failed' where status = 'running'`);
  await pool.query(
    `update pipeline.cycles set status = 'failed', finished_at = clock_timestamp() where status in ('extracting', 'transforming')`,
  );
}

export interface BatchOptions {
  seq: number;
  rows?: number;
  bookmark?: string;
  manifest?: Manifest;
  sha256?: string;
}

/** The headers that a tap would put on this batch. */
export function headersOf(task: Claim, options: BatchOptions): BatchHeaders {
  return {
    v: 1,
    source: task.source,
    pipeline: task.pipeline,
    run: task.runId,
    task: task.taskId,
    epoch: task.epoch,
    stream: task.stream,
    seq: options.seq,
    rows: options.rows ?? 1,
    sha256: options.sha256 ?? String(options.seq).padStart(64, '0'),
    checkpoint: options.bookmark !== undefined,
    final: options.manifest !== undefined,
  };
}

/** What a loader does with a batch, without the rows. */
export async function commitBatch(
  client: PoolClient,
  task: Claim,
  options: BatchOptions,
): Promise<'loaded' | 'known' | 'fenced'> {
  const headers = headersOf(task, options);
  if (!(await isCurrentEpoch(client, headers.task, headers.epoch))) return 'fenced';
  if (!(await enterLedger(client, headers, 1))) return 'known';
  if (options.bookmark !== undefined) {
    await recordCheckpoint(client, headers, JSON.stringify({ bookmarks: { [task.stream]: { at: options.bookmark } } }));
  }
  if (options.manifest !== undefined) await recordManifest(client, task.epoch, options.manifest);
  return 'loaded';
}

export function loadBatch(pool: Pool, task: Claim, options: BatchOptions): Promise<'loaded' | 'known' | 'fenced'> {
  return inTransaction(pool, (client) => commitBatch(client, task, options));
}

export function manifestOf(task: Claim, lastSeq: number, rows = lastSeq + 1, complete = true): Manifest {
  return { lastSeq, complete, streams: { [task.stream]: { rows, deletes: { kind: 'none' } } } };
}

export const noDeletes = async () => ({ deleted: 0 });

/** Messages of the outbox, published in order. */
export async function publishedTypes(pool: Pool): Promise<string[]> {
  const types: string[] = [];
  while ((await relayOutbox(pool, async (message) => void types.push(message.type))) > 0);
  return types;
}

/** The client with one protection switched off: every statement loses what matches. */
export function without(client: PoolClient, clause: RegExp): PoolClient {
  return new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (name !== 'query') return typeof value === 'function' ? value.bind(target) : value;
      return (text: string, values?: unknown[]) => target.query(text.replace(clause, ''), values);
    },
  });
}
