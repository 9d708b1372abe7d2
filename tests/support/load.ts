import { requestRuns } from './chaos.ts';
import type { ChaosSource } from './chaos-source.ts';
import type { Platform } from './platform.ts';

const ASK_EVERY_MS = 2_000;
const FULL_READ_EVERY = 3;
const MUTATE_EVERY_MS = 40;

/** Keeps everything in motion until it is stopped: records of all sources are made, changed and deleted, and runs are asked for. */
export function startLoad(platform: Platform, source: ChaosSource): { stop(): void } {
  platform.sandbox.mutations.start({ count: 1_000_000, everyMs: MUTATE_EVERY_MS, seed: 11 });
  const changing = setInterval(() => change(source), MUTATE_EVERY_MS);
  let asked = 0;
  const asking = setInterval(() => {
    const fullRead = asked % FULL_READ_EVERY === 0;
    asked += 1;
    // The database may be away for a moment.
    void requestRuns(platform, { fullRead }).catch(() => undefined);
  }, ASK_EVERY_MS);
  return {
    stop: () => {
      platform.sandbox.mutations.stop();
      clearInterval(changing);
      clearInterval(asking);
    },
  };
}

/** One event more, one item changed, and now and then an old item gone and a new one there. */
function change({ events, items }: ChaosSource): void {
  events.push(`event ${events.length}`);
  const turn = events.length;
  const id = itemId(turn % items.size);
  if (items.has(id)) items.set(id, `change ${turn}`);
  if (turn % 25 !== 0) return;
  items.delete(id);
  items.set(itemId(items.size + turn), 'new');
}

/** A log and a list of these lengths. */
export function fill({ events, items }: ChaosSource, counts: { events: number; items: number }): void {
  for (let count = 0; count < counts.events; count += 1) events.push(`event ${count}`);
  for (let count = 0; count < counts.items; count += 1) items.set(itemId(count), 'first');
}

function itemId(number: number): string {
  return String(number).padStart(9, '0');
}
