import { column, type JsonObject, objectSchema } from '@pipeline/singer';
import { inParallel, partsOf } from '@pipeline/tap-kit';
import { z } from 'zod';
import { pathOf } from '../reading/paths.ts';
import { nextCursor, Paging } from '../reading/response.ts';
import { type BatchInput, type Faulty, readBatch } from './batch.ts';
import type { ChildAccess, Children } from './children.ts';
import { idColumn, type ObjectType } from './object-type.ts';
import { BATCH_MAX, readObjects } from './pages.ts';

/** Objects whose associations one request may ask for.
 *  @see https://developers.hubspot.com/changelog/bug-fix-batch-read-limit-for-hubspot-associations-api */
const ASSOCIATION_INPUTS_MAX = 1_000;
/** HubSpot's own types of the association with a primary object, in both directions: deal and company, contact and company, ticket and company.
 *  Their label may be translated, their ids are not. */
const PRIMARY_TYPE_IDS: ReadonlySet<number> = new Set([1, 2, 5, 6, 25, 26]);

const Id = z.union([z.string(), z.number()]).transform(String);
const Associations = z.object({
  results: z.array(
    z.object({
      from: z.object({ id: Id }),
      to: z.array(
        z.object({
          toObjectId: Id,
          associationTypes: z.array(z.object({ category: z.string(), typeId: z.int(), label: z.string().nullish() })),
        }),
      ),
      paging: Paging,
    }),
  ),
});

interface Pair {
  from: ObjectType;
  to: ObjectType;
}

/** The stream of a pair: `deals_companies`. */
export function pairName({ from, to }: { from: Pick<ObjectType, 'name'>; to: Pick<ObjectType, 'name'> }): string {
  return `${from.name}_${to.name}`;
}

/** Which objects of one type belong to which of another: one row for each type of association, so a primary company has two. The ids of types
 *  are unique only within their category. */
export function associationsOf(from: ObjectType, to: ObjectType): Children {
  const pair = { from, to };
  // Objects of one type may be associated with one another.
  const columns = { from: idColumn(from), to: from.id === to.id ? `to_${idColumn(to)}` : idColumn(to) };
  return {
    shape: {
      name: pairName(pair),
      keyProperties: [columns.from, columns.to, 'association_category', 'association_type_id'],
      schema: objectSchema({
        [columns.from]: column.key,
        [columns.to]: column.key,
        association_category: column.key,
        association_type_id: { type: ['integer'] },
        association_label: column.string,
        is_primary: column.boolean,
      }),
    },
    parentKey: { [columns.from]: 'id' },
    isSwept: true,
    calls: (parents) => Math.ceil(parents / ASSOCIATION_INPUTS_MAX),
    probe: async ({ http, settings }) => {
      await http.json({ path: pathOf(settings, 'associations', from.id, to.id, 'labels') });
    },
    read: async (access, parents) => {
      const ids = parents.map(({ id }) => id);
      const { found, faulty } = await readAssociations(access, pair, ids);
      return { rows: found.map((association) => row(association, columns)), faulty };
    },
  };
}

/** One type of association of one object with another. */
interface Association {
  fromId: string;
  toId: string;
  category: string;
  typeId: number;
  label: string | null;
}

function row(
  { fromId, toId, category, typeId, label }: Association,
  columns: { from: string; to: string },
): JsonObject {
  return {
    [columns.from]: fromId,
    [columns.to]: toId,
    association_category: category,
    association_type_id: typeId,
    association_label: label,
    is_primary: category === 'HUBSPOT_DEFINED' && PRIMARY_TYPE_IDS.has(typeId),
  };
}

/** All associations of these objects. */
async function readAssociations(
  access: ChildAccess,
  pair: Pair,
  ids: readonly string[],
): Promise<{ found: Association[]; faulty: Faulty[] }> {
  const parts = partsOf(ids, ASSOCIATION_INPUTS_MAX);
  const reads = await inParallel(parts, (part) => readSifted(access, pair, part));
  return { found: reads.flatMap(({ found }) => found), faulty: reads.flatMap(({ faulty }) => faulty) };
}

/** An object that was deleted a moment ago is refused, and has no associations; one that is refused and yet live must be told. */
async function readSifted(access: ChildAccess, pair: Pair, ids: readonly string[]) {
  const { found, faulty } = await readAllPages(access, pair, ids);
  const refused = faulty.filter(({ error }) => error.context['status'] === 400).map(({ id }) => id);
  if (refused.length === 0) return { found, faulty };
  const live = await stillLive(access, pair.from, refused);
  return { found, faulty: faulty.filter(({ id }) => !refused.includes(id) || live.has(id)) };
}

/** Each object has pages of its own: the next request asks only for those that have more. */
async function readAllPages({ http, settings }: ChildAccess, { from, to }: Pair, ids: readonly string[]) {
  const path = pathOf(settings, 'associations', from.id, to.id, 'batch', 'read');
  const found: Association[] = [];
  const faulty: Faulty[] = [];
  let inputs: BatchInput[] = ids.map((id) => ({ id }));
  while (inputs.length > 0) {
    const cursors = new Map(inputs.map(({ id, after }) => [id, after]));
    const read = await readBatch(http, Associations, { path }, inputs);
    faulty.push(...read.faulty);
    inputs = [];
    for (const { from: parent, to: targets, paging } of read.responses.flatMap(({ results }) => results)) {
      for (const { toObjectId, associationTypes } of targets) {
        for (const { label = null, ...type } of associationTypes) {
          found.push({ fromId: parent.id, toId: toObjectId, label, ...type });
        }
      }
      const after = nextCursor(paging, cursors.get(parent.id), path);
      if (after !== undefined) inputs.push({ id: parent.id, after });
    }
  }
  return { found, faulty };
}

async function stillLive(access: ChildAccess, type: ObjectType, ids: readonly string[]): Promise<Set<string>> {
  const reads = await inParallel(partsOf(ids, BATCH_MAX), (part) =>
    readObjects({ ...access, typeId: type.id }, part, { properties: ['hs_object_id'] }),
  );
  return new Set(reads.flatMap(({ objects }) => objects.map(({ id }) => id)));
}
