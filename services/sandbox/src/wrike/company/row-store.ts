import type { Random } from '../../random.ts';

/** Where a row is: in use, in the recycle bin, or erased. */
export type Place = 'live' | 'bin' | 'gone';

/** Epoch seconds, the end exclusive; a missing side is open. */
export interface Range {
  start?: number | undefined;
  end?: number | undefined;
}

export interface Search {
  place: Place;
  created?: Range | undefined;
  updated?: Range | undefined;
  keep?: ((number: number) => boolean) | undefined;
}

interface Seed<Row> {
  count: number;
  /** Epoch seconds; must not fall from one number to the next. */
  createdAt: (number: number) => number;
  updatedAt: (number: number) => number;
  placeOf: (number: number) => Place;
  /** A pure function of the number. */
  make: (number: number) => Row;
}

const PLACES = ['live', 'bin', 'gone'] as const satisfies readonly Place[];
const PICK_TRIES = 40;
/** Rows that are kept after they were made: showing one row asks for it and its neighbours several times. */
const MADE_MAX = 2_000;

/** Rows by number, in order of creation. A row is made from its number until somebody changes it, so that a million of
 *  them need no memory beyond their times. */
export class RowStore<Row> {
  readonly #make: (number: number) => Row;
  readonly #changed = new Map<number, Row>();
  readonly #made = new Map<number, Row>();
  readonly #bin = new Set<number>();
  #created: Uint32Array;
  #updated: Uint32Array;
  #places: Uint8Array;
  #length: number;
  #byUpdate: Uint32Array | undefined;

  constructor(seed: Seed<Row>) {
    this.#make = seed.make;
    this.#length = seed.count;
    this.#created = Uint32Array.from({ length: seed.count }, (_, number) => seed.createdAt(number));
    this.#updated = Uint32Array.from({ length: seed.count }, (_, number) => seed.updatedAt(number));
    this.#places = new Uint8Array(seed.count);
    for (let number = 0; number < seed.count; number += 1) this.#put(number, seed.placeOf(number));
  }

  get length(): number {
    return this.#length;
  }

  row(number: number): Row {
    return this.#changed.get(number) ?? this.#made.get(number) ?? this.#makeAndKeep(number);
  }

  created(number: number): number {
    return this.#created[number] ?? 0;
  }

  updated(number: number): number {
    return this.#updated[number] ?? 0;
  }

  place(number: number): Place {
    return PLACES[this.#places[number] ?? 2] ?? 'gone';
  }

  /** Numbers of the rows that were added or changed since the company was founded. */
  changed(): Iterable<number> {
    return this.#changed.keys();
  }

  add(row: Row, at: number): number {
    const number = this.#length;
    if (number === this.#created.length) this.#grow();
    this.#length += 1;
    // A clock that stands still or was set back must not break the order of creation.
    this.#created[number] = Math.max(at, this.created(number - 1));
    this.#places[number] = 0;
    this.change(number, row, at);
    return number;
  }

  change(number: number, row: Row, at: number): void {
    this.#changed.set(number, row);
    this.touch(number, at);
  }

  /** Something that shows in the row, but is kept elsewhere, has changed. */
  touch(number: number, at: number): void {
    this.#updated[number] = at;
    this.#byUpdate = undefined;
  }

  move(number: number, place: Place, at: number): void {
    this.#put(number, place);
    this.touch(number, at);
  }

  /** A random row in the place, or undefined when a search finds none. */
  pick(random: Random, place: 'live' | 'bin'): number | undefined {
    if (place === 'bin') return this.#bin.size === 0 ? undefined : random.pick([...this.#bin]);
    for (let tries = 0; tries < PICK_TRIES; tries += 1) {
      const number = random.integer(0, this.#length - 1);
      if (this.place(number) === 'live') return number;
    }
    return undefined;
  }

  count(search: Search): number {
    const matches = this.#matcher(search);
    const [start, end] = this.#span(search);
    let count = 0;
    for (let number = start; number < end; number += 1) if (matches(number)) count += 1;
    return count;
  }

  /** Matching numbers, oldest created first. */
  *find(search: Search): Generator<number> {
    const matches = this.#matcher(search);
    if (search.place === 'bin') {
      for (const number of [...this.#bin].sort((a, b) => a - b)) if (matches(number)) yield number;
      return;
    }
    const [start, end] = this.#span(search);
    for (let number = start; number < end; number += 1) if (matches(number)) yield number;
  }

  /** Matching numbers, latest updated first. */
  *findByUpdate(search: Search): Generator<number> {
    const matches = this.#matcher(search);
    this.#byUpdate ??= Uint32Array.from({ length: this.#length }, (_, number) => number).sort(
      (a, b) => this.updated(b) - this.updated(a) || b - a,
    );
    for (const number of this.#byUpdate) if (matches(number)) yield number;
  }

  #matcher({ place, created, updated, keep }: Search): (number: number) => boolean {
    const wanted = PLACES.indexOf(place);
    return (number) =>
      this.#places[number] === wanted &&
      (updated === undefined || contains(updated, this.updated(number))) &&
      (created === undefined || contains(created, this.created(number))) &&
      (keep === undefined || keep(number));
  }

  /** The numbers whose creation fits, the end exclusive. */
  #span({ created }: Search): [start: number, end: number] {
    const start = created?.start === undefined ? 0 : this.#firstCreatedAt(created.start);
    const end = created?.end === undefined ? this.#length : this.#firstCreatedAt(created.end);
    return [start, end];
  }

  /** The first number that was created at the time or later. */
  #firstCreatedAt(time: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.created(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #makeAndKeep(number: number): Row {
    const row = this.#make(number);
    if (this.#made.size >= MADE_MAX) this.#made.clear();
    this.#made.set(number, row);
    return row;
  }

  #put(number: number, place: Place): void {
    this.#places[number] = PLACES.indexOf(place);
    if (place === 'bin') this.#bin.add(number);
    else this.#bin.delete(number);
  }

  #grow(): void {
    const capacity = Math.max(64, this.#created.length * 2);
    this.#created = grown(new Uint32Array(capacity), this.#created);
    this.#updated = grown(new Uint32Array(capacity), this.#updated);
    this.#places = grown(new Uint8Array(capacity), this.#places);
  }
}

function grown<A extends Uint32Array | Uint8Array>(larger: A, values: A): A {
  larger.set(values);
  return larger;
}

function contains(range: Range, time: number): boolean {
  return (range.start === undefined || time >= range.start) && (range.end === undefined || time < range.end);
}

/** A seed for the row, well apart from its neighbours'. */
export function mix(seed: number, number: number): number {
  return Math.imul(seed ^ Math.imul(number + 1, 0x9e3779b1), 0x85ebca6b) >>> 0;
}
