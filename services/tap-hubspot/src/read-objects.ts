import type { JsonObject } from '@pipeline/singer';
import type { Extract, ReadContext } from '@pipeline/tap-kit';
import { areChildrenDue, type Children } from './children.ts';
import { listPages, type Page, readObjects, searchPages } from './crm-api.ts';
import { type CrmObject, crmRecord, mergedAway, tombstone } from './crm-object.ts';
import { fetchProperties, type Property } from './property.ts';
import { bookmarkAfter, bookmarkAt, type ChildrenRead, planReading, type Reading } from './reading.ts';
import type { HubspotSettings } from './settings.ts';

type Context = ReadContext<HubspotSettings>;

/** A type of CRM object, as it is read. */
export interface CrmType {
  name: string;
  /** The property that says when an object was last changed. */
  modifiedProperty: string;
  children?: Children;
}

/** Reads a type of CRM object: what is live, then what was archived meanwhile, then children. The order matters: the search index may still
 *  show an object that was just archived, so its tombstone must come last. */
export async function* readCrmObjects(type: CrmType, context: Context): AsyncGenerator<Extract> {
  const { http, settings, startedAt } = context;
  const reading = planReading(context, type.modifiedProperty);
  const properties = await fetchProperties(http, type.name);
  const children = type.children && context.isSelected(type.children.shape.name) ? type.children : undefined;
  const isWhole = reading.by === 'list' && !reading.isResumed;
  // After an interruption nobody knows which children of the parents read before it are gone.
  const due = { parentsMax: children?.parentsMax ?? 1, now: startedAt, settings };
  const allChildren = !isWhole && (reading.isResumed || areChildrenDue(reading.children, due));
  const alongside = allChildren ? undefined : children;

  if (isWhole) yield { type: 'deletes', stream: type.name, rule: { kind: 'absent' } };
  if (children) yield childDeletes(type.name, children, isWhole || allChildren);
  // Even an attempt that ends on its first page leaves rows behind: the next one must know since when they may vanish.
  if (isWhole) yield { type: 'checkpoint', bookmark: bookmarkAt(reading, type.modifiedProperty, undefined) };
  const seen = yield* readLive(type, { context, reading, properties, children: alongside });
  yield* readArchived(type.name, { context, reading, properties });
  let childrenRead = isWhole ? { read_at: startedAt, parents: seen } : reading.children;
  if (children && allChildren) childrenRead = yield* readAllChildren(type.name, children, context);

  yield {
    type: 'checkpoint',
    bookmark: bookmarkAfter(reading, type.modifiedProperty, settings, children && childrenRead),
  };
}

interface Reader {
  context: Context;
  reading: Reading;
  properties: readonly Property[];
  children?: Children | undefined;
}

/** Live objects with their children, and tombstones of those merged into them. Gives the number of objects. */
async function* readLive(type: CrmType, reader: Reader): AsyncGenerator<Extract, number> {
  const { context, reading, properties, children } = reader;
  let parents: string[] = [];
  let seen = 0;
  for await (const { objects, after } of livePages(type, reader)) {
    seen += objects.length;
    yield* records(type.name, [...objects.map((object) => crmRecord(object, properties)), ...losers(objects, reading)]);
    if (children) {
      parents.push(...objects.map(({ id }) => id));
      if (after !== undefined && parents.length < children.parentsMax) continue;
      yield* readChildren(children, parents, context);
      parents = [];
    }
    if (after !== undefined) {
      yield { type: 'checkpoint', bookmark: bookmarkAt(reading, type.modifiedProperty, after) };
    }
  }
  return seen;
}

function livePages(type: CrmType, { context, reading, properties }: Reader): AsyncGenerator<Page> {
  const names = properties.map(({ name }) => name);
  if (reading.by === 'list') return listPages(context.http, type.name, { properties: names, after: reading.after });
  const { modifiedProperty } = type;
  const range = { modifiedProperty, since: reading.since, afterId: reading.after ?? '0' };
  return searchPages(context.http, type.name, { properties: names, ...range });
}

/** Tombstones of what was archived since, with the values it had. To archive is no change, so only the list of the archived tells. */
async function* readArchived(type: string, { context, reading, properties }: Reader): AsyncGenerator<Extract> {
  const names = properties.map(({ name }) => name);
  for await (const page of listPages(context.http, type, { properties: ['hs_object_id'], archived: true })) {
    const fresh = page.objects.filter(
      ({ archivedAt }) => archivedAt === undefined || isSince(archivedAt, reading.since),
    );
    const ids = fresh.map(({ id }) => id);
    const whole = await readObjects(context.http, type, ids, names, { archived: true });
    const known = new Set(whole.map(({ id }) => id));
    const bare = fresh.filter(({ id }) => !known.has(id));
    yield* records(type, [
      ...whole.map((object) => crmRecord({ ...object, archived: true }, properties)),
      ...bare.map(({ id, archivedAt, updatedAt }) => tombstone(id, archivedAt ?? updatedAt)),
      ...losers(whole, reading),
    ]);
  }
}

/** The children of every parent there is. */
async function* readAllChildren(
  type: string,
  children: Children,
  context: Context,
): AsyncGenerator<Extract, ChildrenRead> {
  let ids: string[] = [];
  let parents = 0;
  for await (const { objects } of listPages(context.http, type, { properties: ['hs_object_id'] })) {
    ids.push(...objects.map(({ id }) => id));
    parents += objects.length;
    if (ids.length < children.parentsMax) continue;
    yield* readChildren(children, ids, context);
    ids = [];
  }
  yield* readChildren(children, ids, context);
  return { read_at: context.startedAt, parents };
}

async function* readChildren(children: Children, parents: string[], { http }: Context): AsyncGenerator<Extract> {
  for (let first = 0; first < parents.length; first += children.parentsMax) {
    const rows = await children.read(http, parents.slice(first, first + children.parentsMax));
    yield* records(children.shape.name, rows);
  }
}

function childDeletes(parent: string, { shape, parentKey }: Children, isAll: boolean): Extract {
  const ofParents = { kind: 'absent-per-parent', parent, columns: parentKey } as const;
  return { type: 'deletes', stream: shape.name, rule: isAll ? { kind: 'absent' } : ofParents };
}

/** Tombstones of what was merged into these objects. A merge changes its winner; older ones were seen by an earlier read. */
function losers(winners: readonly CrmObject[], { since }: Reading): JsonObject[] {
  return winners.filter(({ updatedAt }) => isSince(updatedAt, since)).flatMap(mergedAway);
}

function* records(stream: string, rows: JsonObject[]): Generator<Extract> {
  if (rows.length > 0) yield { type: 'records', stream, records: rows };
}

function isSince(instant: string, since: string): boolean {
  return Date.parse(instant) >= Date.parse(since);
}
