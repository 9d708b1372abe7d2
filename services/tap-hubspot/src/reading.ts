import type { Bookmark } from '@pipeline/singer';
import type { ReadContext } from '@pipeline/tap-kit';
import { z } from 'zod';
import type { HubspotSettings } from './settings.ts';

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
  /** When all children were last read completely, and of how many parents. */
  children: ChildrenRead | undefined;
}

const ChildrenRead = z.object({ read_at: z.iso.datetime(), parents: z.int() });
export type ChildrenRead = z.infer<typeof ChildrenRead>;

const Instant = z.iso.datetime({ offset: true });
const Position = z.object({
  by: z.enum(['list', 'search']),
  started_at: Instant,
  after: z.string().optional(),
});
/** Beside these fields, the replication key holds the time up to which everything is read. */
const Fields = z.object({
  position: Position.optional().catch(undefined),
  children: ChildrenRead.optional().catch(undefined),
});

/** What to read, from the bookmark. One that makes no sense means: everything. */
export function planReading(context: ReadContext<HubspotSettings>, replicationKey: string): Reading {
  const { bookmark = {}, startedAt, fullRead, settings } = context;
  const { position, children } = Fields.parse(bookmark);
  const since = Instant.safeParse(bookmark[replicationKey]).data;
  const goesOn = !fullRead && position !== undefined && since !== undefined;
  const by = goesOn ? position.by : fullRead || since === undefined ? 'list' : 'search';
  const began = goesOn ? position.started_at : startedAt;
  return {
    by,
    since: since ?? reachBack(began, settings),
    startedAt: began,
    after: goesOn ? position.after : undefined,
    isResumed: goesOn,
    children,
  };
}

/** The bookmark in the middle of a read: the next attempt goes on from here. */
export function bookmarkAt(reading: Reading, replicationKey: string, after: string | undefined): Bookmark {
  const position = { by: reading.by, started_at: reading.startedAt, ...(after === undefined ? {} : { after }) };
  return {
    [replicationKey]: reading.since,
    position,
    ...(reading.children === undefined ? {} : { children: { ...reading.children } }),
  };
}

/** The bookmark at the end: everything up to the start of the read is there, less the look-back. Never the largest time seen: the search index
 *  does not learn of changes in their order. */
export function bookmarkAfter(
  reading: Reading,
  replicationKey: string,
  settings: HubspotSettings,
  children: ChildrenRead | undefined,
): Bookmark {
  return {
    [replicationKey]: reachBack(reading.startedAt, settings),
    ...(children === undefined ? {} : { children: { ...children } }),
  };
}

function reachBack(instant: string, { lookback_minutes }: HubspotSettings): string {
  return new Date(Date.parse(instant) - lookback_minutes * 60_000).toISOString();
}
