import type { JsonObject } from '@pipeline/singer';
import { clientOf, uncached } from '@pipeline/tap-kit/testing';
import { readPages } from '../src/reading/pages.ts';
import { Settings } from '../src/settings.ts';

/** A list in pages of two that changes before each page, as the test says. */
export interface ShiftingList {
  ids: string[];
  /** Called before page number `call`, counted from 1 over all walks. */
  before: (call: number, ids: string[]) => string[];
  /** What Xero counts beyond the rows it shows. */
  uncounted?: number;
  /** What Xero says it counts, whatever there is. */
  claimed?: number;
  /** Where an interrupted walk goes on. */
  firstPage?: number;
}

/** Reads the list and returns the ids in the order in which they came. */
export async function readAll(list: ShiftingList): Promise<{ ids: unknown[]; calls: number }> {
  let calls = 0;
  let { ids } = list;
  const http = clientOf(async ({ query }) => {
    calls += 1;
    ids = list.before(calls, ids).toSorted();
    const first = (Number(query?.['page']) - 1) * 2;
    const rows = ids.slice(first, first + 2).map((id): JsonObject => ({ ThingID: id }));
    const itemCount = list.claimed ?? ids.length + (list.uncounted ?? 0);
    return { pagination: { pageCount: Math.ceil(ids.length / 2), itemCount }, Things: rows };
  });
  const seen: unknown[] = [];
  for await (const { rows } of readPages(contextOf(http), { ...THINGS, firstPage: list.firstPage ?? 1 })) {
    seen.push(...rows.map((row) => row['ThingID']));
  }
  return { ids: seen, calls };
}

const tenant = { id: 't', name: 'T', headers: {}, connection: {} };
export const THINGS = { tenant, list: { name: 'Things', id: 'ThingID' }, modifiedSince: undefined };

/** What a read needs besides the client. */
export function contextOf(http: ReturnType<typeof clientOf>) {
  const settings = Settings.parse({ client_id: 'c', client_secret: 's' });
  return { http, signal: new AbortController().signal, cached: uncached, settings };
}
