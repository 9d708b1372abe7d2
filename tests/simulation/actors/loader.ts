import { finalise, listLiveEpochs } from '@pipeline/control';
import { isTransient, type Pool, type PoolClient } from '@pipeline/postgres';
import type { Warehouse } from '@pipeline/warehouse';
import { createApplyDeletes } from '../../../services/loader/src/apply-deletes.ts';
import type { Batch } from '../../../services/loader/src/batch.ts';
import { loadBatch } from '../../../services/loader/src/load-batch.ts';
import { poolWithin } from '../database/pool-within.ts';
import { checkAck } from '../invariants.ts';
import type { Delivery } from '../world/broker.ts';
import { type Actor, Process } from '../world/process.ts';
import { standIn } from '../world/stand-in.ts';
import { BATCHES, type Platform, patiently } from './platform.ts';
import { warehouse } from './warehouse.ts';

const SWEEP_MS = 8_000;
const PREFETCH = 2;
const LIMITS = { rejectedMax: 0, rejectedShare: 0 };

/** A loader: batches in any order, each in one transaction, and a finaliser beside them. */
export function loader(platform: Platform, name: string): Process {
  return new Process(name, (process) => {
    const waiting = new Set<number>();
    for (let index = 1; index <= PREFETCH; index += 1) {
      platform.world.spawn(process, `batches ${index}`, (actor) => consume(platform, actor, waiting));
    }
    platform.world.spawn(process, 'finaliser', (actor) => finaliseAll(platform, actor, waiting));
    if (!platform.isOff('the sweep'))
      platform.world.spawn(process, 'sweep', (actor) => sweep(platform, actor, waiting));
  });
}

async function consume(platform: Platform, actor: Actor, waiting: Set<number>): Promise<void> {
  const { world, broker } = platform;
  const engine = warehouse();
  for (;;) {
    const delivery = await broker.take(actor, BATCHES);
    const batch = batchOf(delivery);
    if (platform.isOff('acks after the commit')) await ack(platform, actor, delivery, batch);
    const deps = { pool: loadingPool(platform, actor, batch, engine), warehouse: engine, limits: LIMITS };
    const { outcome } = await patiently(world, actor, () => loadBatch(deps, batch));
    world.note(actor, `batch ${delivery.message.id} of ${batch.headers.stream}: ${outcome}`);
    await ack(platform, actor, delivery, batch);
    waiting.add(batch.headers.epoch);
  }
}

async function ack(platform: Platform, actor: Actor, delivery: Delivery, batch: Batch): Promise<void> {
  checkAck(platform, batch.headers);
  await platform.broker.ack(actor, delivery);
}

/** With the protection off, the batch's own transaction finalises its attempt. */
function loadingPool(platform: Platform, actor: Actor, batch: Batch, engine: Warehouse): Pool {
  const pool = platform.database.pool(actor);
  if (!platform.isOff('finalises after the commit')) return pool;
  const connect = async (): Promise<PoolClient> => {
    const client = await pool.connect();
    const query = async (text: string, values?: unknown[]) => {
      if (text === 'commit') {
        const { epoch } = batch.headers;
        await finalise(poolWithin(client), epoch, createApplyDeletes(engine));
      }
      return client.query(text, values);
    };
    return standIn<PoolClient>({ query, on: () => undefined, off: () => undefined, release: client.release });
  };
  return standIn<Pool>({ connect });
}

function batchOf({ message: { body } }: Delivery): Batch {
  if (!isBatch(body)) throw new TypeError('the queue of batches holds something else');
  return body;
}

function isBatch(body: unknown): body is Batch {
  return typeof body === 'object' && body !== null && 'headers' in body;
}

async function finaliseAll(platform: Platform, actor: Actor, waiting: Set<number>): Promise<void> {
  const { world, database } = platform;
  const pool = database.pool(actor);
  const applyDeletes = createApplyDeletes(warehouse());
  for (;;) {
    await world.until(actor, 'finalises', () => waiting.size > 0);
    for (const epoch of waiting) {
      waiting.delete(epoch);
      if (platform.isOff('finalises after the commit')) continue;
      await tryTo(() => finalise(pool, epoch, applyDeletes));
    }
  }
}

async function sweep({ world, database }: Platform, actor: Actor, waiting: Set<number>): Promise<void> {
  const pool = database.pool(actor);
  for (;;) {
    await world.sleep(actor, SWEEP_MS);
    await tryTo(async () => {
      for (const epoch of await listLiveEpochs(pool)) waiting.add(epoch);
    });
  }
}

/** What the database refuses is left to the next sweep. */
async function tryTo(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isTransient(error)) throw error;
  }
}
