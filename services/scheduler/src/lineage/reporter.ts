import { attemptTables, builtModels, recentAttempts, recentBuilds } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { errorMessage, type Logger } from '@pipeline/protocol';
import { createLogThrottle } from '@pipeline/resilience';
import { attemptEnded, attemptStarted, buildEnded, buildStarted, modelBuilt, type Places } from './happenings.ts';
import { type Happening, runEvent } from './run-event.ts';
import { type LineageReceiver, sendEvent } from './send-event.ts';

/** What ended longer ago is not told any more: a receiver that is away for longer misses it. After a restart this much is told again. */
const KEPT_SECONDS = 600;

export interface LineageDeps {
  pool: Pool;
  logger: Logger;
  receiver: LineageReceiver;
  places: Places;
}

/** Something that is told once. */
interface Item {
  key: string;
  happenings: () => Promise<Happening[]>;
}

/** Tells what was not told yet, in the order in which it happened, and stops at the first that the receiver does not take now. */
export function lineageReporter(deps: LineageDeps) {
  const { pool, logger, receiver, places } = deps;
  const throttle = createLogThrottle();
  let told = new Set<string>();
  const warn = (reason: string) => {
    const due = throttle.due('send');
    if (due !== undefined) logger.warn(due, `lineage events cannot be sent: ${reason}; see OPENLINEAGE_URL`);
  };
  return async (): Promise<void> => {
    const items = [...(await attemptItems(pool, places)), ...(await buildItems(pool, places))];
    const keys = new Set(items.map(({ key }) => key));
    told = new Set([...told].filter((key) => keys.has(key)));
    for (const { key, happenings } of items) {
      if (told.has(key)) continue;
      for (const happening of await happenings()) {
        const event = runEvent(happening);
        try {
          if (!(await sendEvent(receiver, event))) warn('an event was refused');
        } catch (error) {
          return warn(errorMessage(error));
        }
      }
      told.add(key);
    }
  };
}

async function attemptItems(pool: Pool, places: Places): Promise<Item[]> {
  const attempts = await recentAttempts(pool, KEPT_SECONDS);
  return attempts.flatMap((attempt) => {
    const started = { key: `${attempt.epoch}`, happenings: async () => [attemptStarted(places, attempt)] };
    if (attempt.outcome === null) return [started];
    const ended = async () => [attemptEnded(places, attempt, await attemptTables(pool, attempt.epoch))];
    return [started, { key: `${attempt.epoch}/end`, happenings: ended }];
  });
}

async function buildItems(pool: Pool, places: Places): Promise<Item[]> {
  const builds = await recentBuilds(pool, KEPT_SECONDS);
  return builds.flatMap((build) => {
    const started = { key: build.id, happenings: async () => [buildStarted(places, build)] };
    if (build.status !== 'succeeded' && build.status !== 'failed') return [started];
    const ended = async () => [
      ...(await builtModels(pool, build.id)).flatMap((model) => modelBuilt(places, build, model)),
      buildEnded(places, build),
    ];
    return [started, { key: `${build.id}/end`, happenings: ended }];
  });
}
