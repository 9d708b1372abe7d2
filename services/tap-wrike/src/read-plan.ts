import type { Bookmark } from '@pipeline/singer';
import type { ReadContext } from '@pipeline/tap-kit';
import { formatInstant, type Seconds, secondOf } from './instant.ts';
import type { Settings } from './settings.ts';

/** How many rows exist that were created before the second; undefined when the API does not tell. */
export type CountCreatedBefore = (end: Seconds) => Promise<number | undefined>;

export interface ReadPlan {
  /** Read what was updated at or after this second. Undefined: read everything. */
  updatedSince: Seconds | undefined;
  /** Read what was created before this second; later rows belong to the next read. */
  createdBefore: Seconds;
  /** Holds when all of that has been read. */
  bookmark: Bookmark;
}

/** Decides how much a stream reads that is filtered by `updatedDate`. Some rows vanish without a trace (erased tasks, time logs), and an
 *  incremental read would keep them for ever. So each read counts the rows created before its start, and the next one counts
 *  the same rows again: another number means that some are gone, and everything is read.
 *  The count comes before the reading, and only rows within it are read: whatever has been read has been counted. */
export async function planRead(context: ReadContext<Settings>, count: CountCreatedBefore): Promise<ReadPlan> {
  const { bookmark, startedAt, settings } = context;
  const createdBefore = secondOf(startedAt) + 1;
  const isFull = context.fullRead || bookmark === undefined || !(await isComplete(bookmark, count));
  const rows = await count(createdBefore);
  return {
    updatedSince: isFull ? undefined : instantIn(bookmark, 'updatedDate'),
    createdBefore,
    bookmark: {
      updatedDate: formatInstant(secondOf(startedAt) - settings.lookback_seconds),
      createdBefore: formatInstant(createdBefore),
      rows: rows ?? null,
    },
  };
}

/** Whether every row that the bookmark counted is still there. */
async function isComplete(bookmark: Bookmark, count: CountCreatedBefore): Promise<boolean> {
  const createdBefore = instantIn(bookmark, 'createdBefore');
  if (createdBefore === undefined) return false;
  return bookmark['rows'] === null || bookmark['rows'] === (await count(createdBefore));
}

function instantIn(bookmark: Bookmark | undefined, field: string): Seconds | undefined {
  const instant = bookmark?.[field];
  if (typeof instant !== 'string') return undefined;
  const second = secondOf(instant);
  return Number.isNaN(second) ? undefined : second;
}
