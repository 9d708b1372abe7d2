import type { Bookmark, JsonObject } from '@pipeline/singer';
import type { ReadContext } from '@pipeline/tap-kit';
import type { Settings } from '../settings.ts';
import { createdSecond, formatInstant, type Seconds, secondOf } from './instant.ts';
import { idOf } from './page.ts';

/** How many rows exist that were created before the second. `unknown`: the API does not tell. `unstable`: it told different numbers. */
export type CountCreatedBefore = (end: Seconds) => Promise<number | 'unknown' | 'unstable'>;

/** What the shape of the rows depends on. When it changes, rows that did not change would keep the old shape, so everything is read. */
export type Fingerprint = string;

/** Rows younger than this are not counted, since others of that time may still come: they are remembered by their ids. No longer than the look-back,
 *  in which the next read brings them again. */
const YOUNG_SECONDS_MAX = 60;
/** Most ids in a bookmark. After more, the next read is a full one. */
const YOUNG_IDS_MAX = 5_000;
const UNCOUNTED = -1;

export interface ReadPlan {
  /** Everything is read, so what does not come is gone. */
  isFull: boolean;
  /** Read what was updated at or after this second. Undefined: since ever. */
  updatedSince: Seconds | undefined;
  /** Read what was created before this second; later rows belong to the next read. */
  createdBefore: Seconds;
  /** Called with every row that was read: those in use, and those in the recycle bin. */
  note: (rows: readonly JsonObject[], place?: 'in use' | 'bin') => void;
  /** Ids of young rows that the last read brought and this one did not: they are gone. Asked at the end of the read. */
  gone: () => string[];
  /** Holds at the end of the read. */
  bookmark: () => Bookmark;
}

/** Decides how much a stream reads that is filtered by `updatedDate`. Some rows vanish without a trace (erased tasks, time logs), and an
 *  incremental read would keep them for ever. So each read counts the rows that existed a while before its start, and the next one counts the same
 *  rows again: another number means that some are gone, and everything is read. The new count comes before the old one is compared and
 *  before the reading: whatever goes away afterwards is still in it. */
export async function planRead(
  context: ReadContext<Settings>,
  count: CountCreatedBefore,
  fingerprint: Fingerprint = '',
): Promise<ReadPlan> {
  const { bookmark, settings, startedAt } = context;
  const countedBefore = secondOf(startedAt) - Math.min(YOUNG_SECONDS_MAX, lookbackSeconds(settings));
  const rows = await count(countedBefore);
  const isFull =
    context.fullRead ||
    bookmark === undefined ||
    (bookmark['fingerprint'] ?? '') !== fingerprint ||
    !(await isComplete(bookmark, count));
  const missing = new Set(isFull ? [] : youngIn(bookmark));
  const young = new Set<string>();
  return {
    isFull,
    updatedSince: isFull ? startOf(settings) : instantIn(bookmark, 'updatedDate'),
    createdBefore: secondOf(startedAt) + 1,
    note: (brought, place = 'in use') => {
      for (const row of brought) {
        missing.delete(idOf(row));
        if (place === 'bin' || (createdSecond(row) ?? 0) < countedBefore) continue;
        if (young.size <= YOUNG_IDS_MAX) young.add(idOf(row));
      }
    },
    gone: () => [...missing],
    bookmark: () => ({
      updatedDate: nextStart(context),
      createdBefore: formatInstant(countedBefore),
      rows: rows === 'unstable' || young.size > YOUNG_IDS_MAX ? UNCOUNTED : rows === 'unknown' ? null : rows,
      ...(young.size > 0 && young.size <= YOUNG_IDS_MAX && { young: [...young] }),
      ...(fingerprint !== '' && { fingerprint }),
    }),
  };
}

/** Where the next read begins: at the start of this one, less the look-back. */
export function nextStart({ startedAt, settings }: Pick<ReadContext<Settings>, 'startedAt' | 'settings'>): string {
  return formatInstant(secondOf(startedAt) - lookbackSeconds(settings));
}

/** The second before which the operator wants nothing. */
export function startOf({ start_date: start }: Settings): Seconds | undefined {
  return start === undefined ? undefined : secondOf(start);
}

/** The instant that a bookmark holds under the name. */
export function instantIn(bookmark: Bookmark | undefined, field: string): Seconds | undefined {
  const instant = bookmark?.[field];
  if (typeof instant !== 'string') return undefined;
  const second = secondOf(instant);
  return Number.isNaN(second) ? undefined : second;
}

/** Whether every row that the bookmark counted is still there. */
async function isComplete(bookmark: Bookmark, count: CountCreatedBefore): Promise<boolean> {
  const createdBefore = instantIn(bookmark, 'createdBefore');
  const { rows } = bookmark;
  if (createdBefore === undefined || rows === UNCOUNTED) return false;
  return rows === null || rows === (await count(createdBefore));
}

function youngIn(bookmark: Bookmark | undefined): string[] {
  const young = bookmark?.['young'];
  return Array.isArray(young) ? young.filter((id): id is string => typeof id === 'string') : [];
}

function lookbackSeconds({ lookback_minutes: minutes }: Settings): number {
  return Math.ceil(minutes * 60);
}
