import type { JsonObject } from '@pipeline/singer';
import { type Extract, lookBack, oneAhead, type ReadContext } from '@pipeline/tap-kit';
import type { Settings } from '../settings.ts';
import { ChildReaders } from './child-readers.ts';
import type { Children } from './children.ts';
import { type CrmObject, crmRecord, mergedAway, tombstone } from './crm-object.ts';
import { MERGED_IDS, type ObjectType } from './object-type.ts';
import { type Access, listPages, type Page, readObjects, searchPages } from './pages.ts';
import { columnOf, type Property, propertiesOf } from './property.ts';
import { bookmarkAfter, bookmarkAt, planReading, type Reading } from './reading.ts';
import { rejected } from './rejected.ts';
import { afterSweep, isSweepDue, type Sweep } from './sweep-schedule.ts';
import { withChildren } from './with-children.ts';

type Context = ReadContext<Settings>;

const OBJECTS_PER_LIST_CALL = 100;
const OBJECTS_PER_BATCH = 100;

interface Reader {
  type: ObjectType;
  context: Context;
  access: Access;
  reading: Reading;
  properties: readonly Property[];
  /** Live objects so far. */
  listed: number;
}

/** Reads a type of CRM object: what is live, then what was archived meanwhile, then children. The order matters: the search index may still
 *  show an object that was just archived, so its tombstone must come last. */
export async function* readCrmObjects(
  type: ObjectType,
  children: readonly Children[],
  context: Context,
): AsyncGenerator<Extract> {
  const { http, settings, startedAt } = context;
  const properties = await selectedProperties(type, context);
  const reading = planned(type, properties, context);
  const access = { http, settings, typeId: type.id };
  const reader: Reader = { type, context, access, reading, properties, listed: 0 };
  const isWhole = reading.by === 'list' && !reading.isResumed;
  const wanted = children.filter(({ shape }) => context.isSelected(shape.name));
  const isDue = isSweepDue('associations', reading, startedAt, settings);
  // After an interruption nobody knows which children of the parents read before it are gone.
  const swept = isWhole ? [] : wanted.filter((child) => needsSweep(child, reading, isDue));
  const alongside = new ChildReaders(
    reader.access,
    wanted.filter((child) => !swept.includes(child)),
  );
  const whole = new ChildReaders(reader.access, swept);

  if (isWhole) yield { type: 'deletes', stream: type.name, rule: { kind: 'absent' } };
  for (const child of wanted) yield childDeletes(type.name, child, isWhole || swept.includes(child));
  // Even an attempt that ends on its first page leaves rows behind: the next one must know since when they may vanish.
  if (isWhole) yield { type: 'checkpoint', bookmark: bookmarkAt(reading, type.modifiedProperty, undefined) };
  yield* readLive(reader, alongside);
  if (isWhole) reading.sweeps = { ...reading.sweeps, archived: startedAt, associations: startedAt };
  if (reading.by === 'list') noteSweep(reader, 'calculated', callsFor(reader.listed, alongside));
  const isArchivedDue = reading.isResumed || isSweepDue('archived', reading, startedAt, settings);
  if (!isWhole && isArchivedDue) yield* readArchived(reader);
  if (swept.length > 0) yield* readAllChildren(reader, whole, isDue);
  reading.children = [...alongside.active, ...whole.active].map(({ shape }) => shape.name);
  yield { type: 'checkpoint', bookmark: bookmarkAfter(reading, type.modifiedProperty, settings) };
}

/** How to read: everything, when calculated properties are to be read again, since they change without a sign. */
function planned(type: ObjectType, properties: readonly Property[], context: Context): Reading {
  const reading = planReading(context, type.modifiedProperty);
  if (reading.by === 'list' || reading.isResumed) return reading;
  const hasCalculated = properties.some((property) => property.calculated === true);
  const isDue = hasCalculated && isSweepDue('calculated', reading, context.startedAt, context.settings);
  return isDue ? { ...reading, by: 'list' } : reading;
}

/** Those whose fields are sent, and those that the read itself needs. */
async function selectedProperties(type: ObjectType, context: Context): Promise<Property[]> {
  const all = await propertiesOf(context, type.id);
  return all.filter(
    (property) =>
      property.name === MERGED_IDS ||
      context.isSelected(type.name, columnOf(property)) ||
      !context.isSelected(type.name),
  );
}

function needsSweep(child: Children, { children, isResumed, by }: Reading, isDue: boolean): boolean {
  if (isResumed && by === 'list') return child.isSwept;
  return !children.includes(child.shape.name) || (child.isSwept && (isDue || isResumed));
}

/** Live objects with their children, and tombstones of those merged into them. */
function readLive(reader: Reader, children: ChildReaders): AsyncGenerator<Extract> {
  const { type, reading, properties } = reader;
  return withChildren(livePages(reader), children, {
    *ofPage({ objects, faulty }) {
      reader.listed += objects.length;
      const live = objects.map((object) => crmRecord(object, properties));
      yield* records(type.name, [...live, ...losers(objects, reading)]);
      for (const one of faulty) yield rejected(type.name, one);
    },
    bookmarkAfter: ({ after }) => (after === undefined ? undefined : bookmarkAt(reading, type.modifiedProperty, after)),
  });
}

function livePages({ type, access, reading, properties }: Reader): AsyncGenerator<Page> {
  const names = properties.map(({ name }) => name);
  if (reading.by === 'list') return listPages(access, { properties: names, after: reading.after });
  const { modifiedProperty } = type;
  const range = { modifiedProperty, since: reading.since, afterId: reading.after ?? '0' };
  return searchPages(access, { properties: names, ...range });
}

/** Tombstones of what was archived since the last sweep, with the values it had. To archive is no change, so only the list of the archived
 *  tells. */
async function* readArchived(reader: Reader): AsyncGenerator<Extract> {
  const { type, context, access, reading, properties } = reader;
  const names = properties.map(({ name }) => name);
  const last = reading.sweeps.archived;
  const since = last === undefined ? reading.since : lookBack(last, context.settings);
  let calls = 0;
  for await (const page of oneAhead(listPages(access, { properties: ['hs_object_id'], archived: true }))) {
    const fresh = page.objects.filter(({ archivedAt }) => typeof archivedAt !== 'string' || isSince(archivedAt, since));
    const ids = fresh.map(({ id }) => id);
    calls += 1 + Math.ceil(ids.length / OBJECTS_PER_BATCH);
    if (ids.length === 0) continue;
    const { objects } = await readObjects(access, ids, { properties: names, archived: true });
    const known = new Set(objects.map(({ id }) => id));
    const bare = fresh.filter(({ id }) => !known.has(id));
    yield* records(type.name, [
      ...objects.map((object) => crmRecord({ ...object, archived: true }, properties)),
      ...bare.map(({ id, archivedAt, updatedAt }) => tombstone(id, archivedAt ?? updatedAt)),
      ...losers(objects, reading),
    ]);
  }
  noteSweep(reader, 'archived', calls);
}

/** The children of every parent there is. */
async function* readAllChildren(reader: Reader, children: ChildReaders, isDue: boolean): AsyncGenerator<Extract> {
  const { access, reading } = reader;
  // A pair that is refused must not cost a list of everything in each read.
  yield* children.probe(reading.children);
  if (children.active.length === 0) return;
  let count = 0;
  const pages = listPages(access, { properties: ['hs_object_id', MERGED_IDS] });
  yield* withChildren(pages, children, {
    ofPage: ({ objects }) => {
      count += objects.length;
      return [];
    },
    bookmarkAfter: () => undefined,
  });
  if (isDue) noteSweep(reader, 'associations', callsFor(count, children));
}

/** Requests for so many objects and their children. */
function callsFor(objects: number, children: ChildReaders): number {
  const lists = Math.ceil(objects / OBJECTS_PER_LIST_CALL);
  return lists + children.calls(objects);
}

/** Notes a sweep that was made, with its requests. */
function noteSweep({ reading, context }: Reader, sweep: Sweep, calls: number): void {
  const { startedAt: now, settings } = context;
  Object.assign(reading, afterSweep(sweep, reading, { now, calls, settings }));
}

function childDeletes(parent: string, { shape, parentKey }: Children, isAll: boolean): Extract {
  const ofParents = { kind: 'absent-per-parent', parent, columns: parentKey } as const;
  return { type: 'deletes', stream: shape.name, rule: isAll ? { kind: 'absent' } : ofParents };
}

/** Tombstones of what was merged into these objects. A merge changes the one that is left; older ones were seen by an earlier read. */
function losers(winners: readonly CrmObject[], { since }: Reading): JsonObject[] {
  return winners
    .filter(({ properties, updatedAt }) => (properties[MERGED_IDS] ?? '') !== '' && isSince(updatedAt, since))
    .flatMap(mergedAway);
}

function* records(stream: string, rows: JsonObject[]): Generator<Extract> {
  if (rows.length > 0) yield { type: 'records', stream, records: rows };
}

function isSince(instant: string, since: string): boolean {
  return Date.parse(instant) >= Date.parse(since);
}
