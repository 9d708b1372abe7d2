import type { Random } from '../../random.ts';
import { ChangeTimes } from './change-times.ts';
import { isoInstant } from './draw.ts';
import { History, type HistoryEntry } from './history.ts';
import { Numbers } from './numbers.ts';
import { insertSorted, lowerBound, removeSorted } from './sorted.ts';
import { foundingTimes } from './times.ts';

/** Values as HubSpot keeps them: text or nothing. */
export type Properties = Record<string, string | null>;

/** What a kind of object is made of. */
export interface Blueprint {
  /** Id of the first object; the others follow with gaps. */
  firstId: number;
  /** Objects of the founding data. */
  count: number;
  seed: number;
  /** `lastmodifieddate` for contacts, `hs_lastmodifieddate` for everything else. */
  modifiedProperty: string;
  /** `createdate`, or `hs_createdate` for most newer types. */
  createdProperty: string;
  /** The values of an object as it was created. Any position, always the same. */
  describe: (position: number) => Properties;
  /** Values that HubSpot works out of the others. */
  calculate?: (properties: Properties, position: number) => Properties;
}

const ID_STEP = 7;
const PICK_TRIES_MAX = 50;

/** All objects of a kind, by position: founding data is drawn when it is asked for, only what was changed is kept. Ids grow with
 *  positions, so a page by id is a walk over positions. */
export class ObjectStore {
  readonly #blueprint: Blueprint;
  readonly #createdAt: Numbers;
  readonly #modifiedAt: ChangeTimes;
  readonly #changed = new Map<number, Properties>();
  readonly #archivedAt = new Map<number, number>();
  /** Ascending. */
  readonly #archived: number[] = [];
  readonly #gone = new Set<number>();
  /** Where a record that was merged into another lives on. */
  readonly #mergedInto = new Map<number, number>();
  readonly #history = new History();

  constructor(blueprint: Blueprint) {
    const { count, seed, firstId } = blueprint;
    this.#blueprint = blueprint;
    this.#createdAt = new Numbers(count);
    this.#modifiedAt = new ChangeTimes(count);
    for (let position = 0; position < count; position += 1) {
      const times = foundingTimes(seed ^ firstId, position, count);
      this.#createdAt.push(times.createdAt);
      this.#modifiedAt.push(times.modifiedAt);
    }
  }

  /** Positions given out so far: live, archived and gone. */
  get length(): number {
    return this.#createdAt.length;
  }

  get liveCount(): number {
    return this.length - this.#archived.length - this.#gone.size;
  }

  get modifiedProperty(): string {
    return this.#blueprint.modifiedProperty;
  }

  idOf(position: number): string {
    return String(this.#blueprint.firstId + position * ID_STEP);
  }

  /** Undefined when there never was such an id. */
  positionOf(id: string): number | undefined {
    if (!/^\d{1,15}$/.test(id)) return undefined;
    const position = (Number(id) - this.#blueprint.firstId) / ID_STEP;
    return Number.isInteger(position) && position >= 0 && position < this.length ? position : undefined;
  }

  /** The first position whose id is at least this. */
  positionFrom(id: number): number {
    return Math.max(0, Math.ceil((id - this.#blueprint.firstId) / ID_STEP));
  }

  isLive(position: number): boolean {
    return position >= 0 && position < this.length && !this.#archivedAt.has(position) && !this.#gone.has(position);
  }

  isArchived(position: number): boolean {
    return this.#archivedAt.has(position);
  }

  createdAt(position: number): number {
    return this.#createdAt.at(position);
  }

  modifiedAt(position: number): number {
    return this.#modifiedAt.at(position);
  }

  archivedAt(position: number): number | undefined {
    return this.#archivedAt.get(position);
  }

  /** Every value of an object, archived or not. */
  properties(position: number): Properties {
    const { describe, calculate } = this.#blueprint;
    const own = { ...describe(position), ...this.#changed.get(position) };
    return {
      ...own,
      ...calculate?.(own, position),
      [this.#blueprint.createdProperty]: isoInstant(this.createdAt(position)),
      [this.modifiedProperty]: isoInstant(this.modifiedAt(position)),
      hs_object_id: this.idOf(position),
    };
  }

  /** Live positions from this one on, ascending. */
  *live(from: number): Generator<number> {
    for (let position = from; position < this.length; position += 1) if (this.isLive(position)) yield position;
  }

  /** Archived positions from this one on, ascending. */
  *archived(from: number): Generator<number> {
    for (let index = lowerBound(this.#archived, from); index < this.#archived.length; index += 1) {
      const position = this.#archived[index];
      if (position !== undefined) yield position;
    }
  }

  /** Positions from this one on that the search index of this time shows as changed at or after `since`, ascending. What was archived
   *  after the index was made is still in it. */
  *indexed(since: number, from: number, until: number): Generator<number> {
    for (const position of this.#modifiedAt.since(since, from)) {
      if (this.modifiedAt(position) <= until && this.#isIndexed(position, until)) yield position;
    }
  }

  /** How many of them there are. */
  countIndexed(since: number, until: number, from: number): number {
    let count = this.#modifiedAt.count(since, until, from);
    for (const position of [...this.#archived, ...this.#gone]) {
      const time = this.modifiedAt(position);
      if (position >= from && time >= since && time <= until && !this.#isIndexed(position, until)) count -= 1;
    }
    return count;
  }

  create(now: number, values: Properties = {}): number {
    this.#createdAt.push(now);
    this.#modifiedAt.push(now);
    if (Object.keys(values).length > 0) this.#changed.set(this.length - 1, values);
    return this.length - 1;
  }

  update(position: number, changes: Properties, now: number): void {
    this.#history.record(position, this.properties(position), changes, now);
    this.#changed.set(position, { ...this.#changed.get(position), ...changes });
    this.#modifiedAt.set(position, now);
  }

  /** Does not count as a change: the modification time stays. */
  archive(position: number, now: number): void {
    this.#archivedAt.set(position, now);
    insertSorted(this.#archived, position);
  }

  restore(position: number, now: number): void {
    this.#unarchive(position);
    this.#modifiedAt.set(position, now);
  }

  /** Values that a property had, the newest first. */
  history(position: number, name: string): HistoryEntry[] {
    const own = this.properties(position);
    const founded = { value: this.#blueprint.describe(position)[name] ?? null, at: this.createdAt(position) };
    return this.#history.of(position, name, own[name] ?? null, founded);
  }

  /** The live record that this one was merged into, directly or by way of others. */
  survivorOf(position: number): number | undefined {
    let survivor = this.#mergedInto.get(position);
    for (let steps = 0; survivor !== undefined && !this.isLive(survivor) && steps < this.length; steps += 1) {
      survivor = this.#mergedInto.get(survivor);
    }
    return survivor;
  }

  mergeInto(loser: number, winner: number): void {
    this.remove(loser);
    this.#mergedInto.set(loser, winner);
  }

  /** Merged away or deleted for privacy: it is in no list any more. */
  remove(position: number): void {
    this.#unarchive(position);
    this.#gone.add(position);
    this.#changed.delete(position);
  }

  pickLive(random: Random): number | undefined {
    for (let tries = 0; tries < PICK_TRIES_MAX; tries += 1) {
      const position = random.integer(0, this.length - 1);
      if (this.isLive(position)) return position;
    }
    return undefined;
  }

  pickArchived(random: Random): number | undefined {
    return this.#archived[random.integer(0, Math.max(0, this.#archived.length - 1))];
  }

  #isIndexed(position: number, until: number): boolean {
    if (this.#gone.has(position)) return false;
    return (this.#archivedAt.get(position) ?? Number.POSITIVE_INFINITY) > until;
  }

  #unarchive(position: number): void {
    if (this.#archivedAt.delete(position)) removeSorted(this.#archived, position);
  }
}
