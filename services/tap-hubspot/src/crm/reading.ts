import type { Bookmark } from '@pipeline/singer';
import { lookBack, type ReadContext } from '@pipeline/tap-kit';
import { z } from 'zod';
import type { Settings } from '../settings.ts';

/** How one read of a stream goes about it. */
export interface Reading {
  /** The first and every full read go through the list; later ones search for what changed. */
  by: 'list' | 'search';
  /** What vanished before this is known, or never came: a list read keeps the time of the last complete read, because after an
   *  interruption it cannot tell by absence what is gone. */
  since: string;
  /** When the read began: in an earlier attempt, if this one goes on from its checkpoint. */
  startedAt: string;
  /** Cursor of the list, or last id of the search. */
  after: string | undefined;
  isResumed: boolean;
  /** When the account's archived objects, associations and calculated properties were last read completely. */
  sweeps: Sweeps;
  /** Until when the requests of the sweeps are within their allowance. */
  paidUntil: Sweeps;
  /** Child streams that hold everything up to the last read. */
  children: readonly string[];
}

const Instant = z.iso.datetime({ offset: true });
const Sweeps = z.object({
  archived: Instant.optional().catch(undefined),
  associations: Instant.optional().catch(undefined),
  calculated: Instant.optional().catch(undefined),
});
export type Sweeps = z.infer<typeof Sweeps>;
const Position = z.object({
  by: z.enum(['list', 'search']),
  started_at: Instant,
  after: z.string().optional(),
});
/** Beside these fields, the replication key holds the time up to which everything is read. Fields of older versions are not understood: then
 *  child streams are read anew. */
const Fields = z.object({
  position: Position.optional().catch(undefined),
  sweeps: Sweeps.catch({}).default({}),
  paid_until: Sweeps.catch({}).default({}),
  children: z.array(z.string()).catch([]).default([]),
});

/** What to read, from the bookmark. One that makes no sense means: everything. */
export function planReading(context: ReadContext<Settings>, replicationKey: string): Reading {
  const { bookmark = {}, startedAt, fullRead, settings } = context;
  const { position, sweeps, paid_until, children } = Fields.parse(bookmark);
  const since = Instant.safeParse(bookmark[replicationKey]).data;
  const goesOn = !fullRead && position !== undefined && since !== undefined;
  const by = goesOn ? position.by : fullRead || since === undefined ? 'list' : 'search';
  const began = goesOn ? position.started_at : startedAt;
  return {
    by,
    since: since ?? lookBack(began, settings),
    startedAt: began,
    after: goesOn ? position.after : undefined,
    isResumed: goesOn,
    sweeps,
    paidUntil: paid_until,
    children,
  };
}

/** The bookmark in the middle of a read: the next attempt goes on from here. */
export function bookmarkAt(reading: Reading, replicationKey: string, after: string | undefined): Bookmark {
  const position = { by: reading.by, started_at: reading.startedAt, ...(after === undefined ? {} : { after }) };
  return { [replicationKey]: reading.since, position, ...schedules(reading) };
}

/** The bookmark at the end: everything up to the start of the read is there, less the look-back. Never the largest time seen: the search index
 *  does not learn of changes in their order. */
export function bookmarkAfter(reading: Reading, replicationKey: string, settings: Settings): Bookmark {
  return { [replicationKey]: lookBack(reading.startedAt, settings), ...schedules(reading) };
}

function schedules({ sweeps, paidUntil, children }: Reading): Bookmark {
  return { sweeps: { ...sweeps }, paid_until: { ...paidUntil }, children: [...children] };
}
