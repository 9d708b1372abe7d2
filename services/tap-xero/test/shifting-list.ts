import type { JsonObject } from '@pipeline/singer';
import { clientOf } from '@pipeline/tap-kit/testing';
import { readPages } from '../src/pages.ts';

/** A list in pages of two that changes before each page, as the test says. */
export interface ShiftingList {
  ids: string[];
  /** Called before page number `call`, counted from 1 over all walks. */
  before: (call: number, ids: string[]) => string[];
  /** What Xero counts beyond the rows it shows. */
  uncounted?: number;
}

/** Reads the list and gives the ids in the order in which they came. */
export async function readAll(list: ShiftingList): Promise<{ ids: unknown[]; calls: number }> {
  let calls = 0;
  let { ids } = list;
  const http = clientOf(async ({ query }) => {
    calls += 1;
    ids = list.before(calls, ids).toSorted();
    const first = (Number(query?.['page']) - 1) * 2;
    const rows = ids.slice(first, first + 2).map((id): JsonObject => ({ ThingID: id }));
    const itemCount = ids.length + (list.uncounted ?? 0);
    return { pagination: { pageCount: Math.ceil(ids.length / 2), itemCount }, Things: rows };
  });
  const seen: unknown[] = [];
  const context = { http, signal: new AbortController().signal };
  for await (const rows of readPages(context, { name: 'Things', id: 'ThingID' }, undefined)) {
    seen.push(...rows.map((row) => row['ThingID']));
  }
  return { ids: seen, calls };
}
