import { PipelineError } from '@pipeline/contracts';
import type { HttpClient } from '@pipeline/tap-kit';
import { z } from 'zod';
import { nextCursor, Paging } from './answer.ts';
import { BATCH_MAX, readObjects } from './crm-api.ts';
import { readBatch } from './partial-answer.ts';

/** Objects whose associations one request may ask for.
 *  @see https://developers.hubspot.com/changelog/bug-fix-batch-read-limit-for-hubspot-associations-api */
export const ASSOCIATION_INPUTS_MAX = 1_000;
/** Times that deleted objects are taken out of a batch. Each needs a deletion between two requests. */
const SIFTS_MAX = 5;

const Id = z.union([z.string(), z.number()]).transform(String);
const Associations = z.object({
  results: z.array(
    z.object({
      from: z.object({ id: Id }),
      to: z.array(
        z.object({
          toObjectId: Id,
          associationTypes: z.array(
            z.object({ category: z.string(), typeId: z.int(), label: z.string().nullish().default(null) }),
          ),
        }),
      ),
      paging: Paging,
    }),
  ),
});

/** One type of association of one object with another. */
export interface Association {
  fromId: string;
  toId: string;
  category: string;
  typeId: number;
  label: string | null;
}

/** All associations of these objects, at most {@link ASSOCIATION_INPUTS_MAX}. A single object that was deleted a moment ago makes HubSpot refuse
 *  the whole batch: then the batch is sifted and read again. */
export async function readAssociations(
  http: HttpClient,
  pair: { from: string; to: string },
  ids: readonly string[],
): Promise<Association[]> {
  let live = ids;
  for (let sifts = 0; ; sifts += 1) {
    try {
      return await readAllPages(http, pair, live);
    } catch (error) {
      if (!isRefusal(error) || sifts >= SIFTS_MAX) throw error;
      const sifted = await stillLive(http, pair.from, live);
      if (sifted.length === live.length) throw error;
      live = sifted;
    }
  }
}

/** Each object has pages of its own: the next request asks only for those that have more. */
async function readAllPages(
  http: HttpClient,
  { from, to }: { from: string; to: string },
  ids: readonly string[],
): Promise<Association[]> {
  const path = `/crm/v4/associations/${from}/${to}/batch/read`;
  const found: Association[] = [];
  let cursors = new Map<string, string | undefined>(ids.map((id) => [id, undefined]));
  while (cursors.size > 0) {
    const inputs = [...cursors].map(([id, after]) => (after === undefined ? { id } : { id, after }));
    const { results } = await readBatch(http, Associations, { path, body: { inputs } });
    const next = new Map<string, string>();
    for (const { from: parent, to: targets, paging } of results) {
      for (const { toObjectId, associationTypes } of targets) {
        for (const type of associationTypes) found.push({ fromId: parent.id, toId: toObjectId, ...type });
      }
      const after = nextCursor(paging, cursors.get(parent.id), path);
      if (after !== undefined) next.set(parent.id, after);
    }
    cursors = next;
  }
  return found;
}

async function stillLive(http: HttpClient, type: string, ids: readonly string[]): Promise<string[]> {
  const live = new Set<string>();
  for (let first = 0; first < ids.length; first += BATCH_MAX) {
    const objects = await readObjects(http, type, ids.slice(first, first + BATCH_MAX), ['hs_object_id']);
    for (const { id } of objects) live.add(id);
  }
  return ids.filter((id) => live.has(id));
}

function isRefusal(error: unknown): boolean {
  return error instanceof PipelineError && error.context['status'] === 400;
}
