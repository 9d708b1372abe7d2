import { isTransient } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import type { Database } from '../database/database.ts';
import type { Broker, Message } from '../world/broker.ts';
import type { Faults } from '../world/faults.ts';
import type { Actor } from '../world/process.ts';
import type { Source } from '../world/source.ts';
import { standIn } from '../world/stand-in.ts';
import type { World } from '../world/world.ts';

/** Protections that live in the processes and not in a statement. */
export type Switch =
  | 'acks after the commit'
  | 'a new attempt has a new epoch'
  | 'a returned message is not published'
  | 'an early end is incomplete'
  | 'the sweep'
  | 'finalises after the commit';

/** What the processes of one simulation share. */
export interface Platform {
  world: World;
  database: Database;
  broker: Broker;
  source: Source;
  faults: Faults;
  /** Whether this protection is switched off. */
  isOff: (protection: Switch) => boolean;
}

export const PIPELINE = 'pipeline_sim_to_postgres';
export const SOURCE = 'sim';
export const BATCHES = 'batches';
export const COMMANDS = 'commands';
export const EVENTS = 'events';

/** A claimed task lives this long without a sign of its tap, in milliseconds: shorter than in production, so that more happens in one seed. */
export const LEASE_MS = 20_000;

const silent = () => undefined;
export const silentLogger: Logger = standIn<Logger>({ debug: silent, info: silent, warn: silent, error: silent });

const RETRY_MS = 1_000;

/** Repeats work while the database is away, as every service does. */
export async function patiently<T>(world: World, actor: Actor, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error)) throw error;
    }
    await world.sleep(actor, RETRY_MS * world.random.next());
  }
}

/** Three returns of a message end its publishing, as in libs/broker. */
const RETURNS_MAX = 3;

/** Sends the same message until a queue has it. Returns false if none wants it. */
export async function publishUntilConfirmed(
  { world, broker, isOff }: Platform,
  actor: Actor,
  queue: string,
  message: Message,
): Promise<boolean> {
  for (let returns = 0; returns < RETURNS_MAX; ) {
    const outcome = await broker.publish(actor, queue, message);
    const isDone =
      outcome === 'confirmed' || (outcome === 'unroutable' && isOff('a returned message is not published'));
    if (isDone && !broker.hasStored(message)) world.fail(`${message.id} counts as published, and no queue has had it`);
    if (isDone) return true;
    if (outcome === 'unroutable') {
      returns += 1;
      broker.assert(queue);
    }
    await world.sleep(actor, RETRY_MS * world.random.next());
  }
  return false;
}
