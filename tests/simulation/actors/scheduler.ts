import { electLeader, type OutboxMessage, PIPELINE_ALIVE_MS, relayOutbox } from '@pipeline/control';
import { isTransient } from '@pipeline/postgres';
import { advance } from '../../../services/scheduler/src/cycle.ts';
import { withoutGap } from '../../../services/scheduler/src/schedule/without-gap.ts';
import { watch } from '../../../services/scheduler/src/watch.ts';
import { type Actor, Process } from '../world/process.ts';
import { BATCHES, COMMANDS, EVENTS, type Platform, publishUntilConfirmed, SOURCE, silentLogger } from './platform.ts';

const TICK_MS = 6_000;
const RELAY_MS = 6_000;
const WATCH_MS = 8_000;
const LEAD_MS = 10_000;
const STANDSTILL_SECONDS = 25;

interface Bell {
  rings: boolean;
}

/** A scheduler: leads the cycle or stands by, relays the outbox, and is woken by events. */
export function scheduler(platform: Platform, name: string): Process {
  return new Process(name, (process) => {
    const bells = { conductor: { rings: false }, relay: { rings: false } };
    platform.world.spawn(process, 'conductor', (actor) => conduct(platform, actor, bells.conductor));
    platform.world.spawn(process, 'relay', (actor) => relay(platform, actor, bells.relay));
    platform.world.spawn(process, 'events', (actor) => listen(platform, actor, Object.values(bells)));
  });
}

async function conduct(platform: Platform, actor: Actor, bell: Bell): Promise<void> {
  const { world, database, broker } = platform;
  const pool = database.pool(actor);
  const logger = silentLogger;
  const config = {
    ...{ PIPELINE_INTERVAL_SECONDS: 10, PIPELINE_NAMES: [SOURCE], PIPELINE_CONCURRENCY: 1, DBT_TIMEOUT_SECONDS: 60 },
    STANDSTILL_SECONDS,
  };
  const queues = { queueDepth: async () => ({ messages: broker.depth(BATCHES), consumers: 1 }) };
  let watchedAt = 0;
  const watched = withoutGap(PIPELINE_ALIVE_MS, () => world.now);
  await loop(platform, actor, { bell, everyMs: TICK_MS }, async () => {
    // The lead only spares work: two leaders must do no harm.
    const leads = await electLeader(pool, 'scheduler', actor.process.name, LEAD_MS);
    if (!leads && !platform.faults.strikes('secondLeader')) return;
    if (world.now - watchedAt >= WATCH_MS) {
      watchedAt = world.now;
      await watch({ pool, broker: queues, logger, config, watchedMs: watched() });
    }
    await advance({ pool, logger, config }, true);
  });
}

async function relay(platform: Platform, actor: Actor, bell: Bell): Promise<void> {
  const pool = platform.database.pool(actor);
  const publish = async ({ id, type, body }: OutboxMessage) => {
    const queue = type === 'run' ? COMMANDS : EVENTS;
    await publishUntilConfirmed(platform, actor, queue, { id: `outbox-${id} ${type}`, body: JSON.parse(body) });
  };
  await loop(platform, actor, { bell, everyMs: RELAY_MS }, () => relayOutbox(pool, publish));
}

/** Events only wake. */
async function listen({ broker }: Platform, actor: Actor, bells: Bell[]): Promise<void> {
  for (;;) {
    const delivery = await broker.take(actor, EVENTS);
    for (const bell of bells) bell.rings = true;
    await broker.ack(actor, delivery);
  }
}

async function loop(
  { world }: Platform,
  actor: Actor,
  { bell, everyMs }: { bell: Bell; everyMs: number },
  step: () => Promise<unknown>,
): Promise<void> {
  for (;;) {
    await world.until(actor, 'takes its turn', () => bell.rings, world.now + everyMs);
    bell.rings = false;
    try {
      await step();
    } catch (error) {
      if (!isTransient(error)) throw error;
    }
  }
}
