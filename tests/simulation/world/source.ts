import type { Random } from './random.ts';

export interface SourceRecord {
  id: number;
  value: number;
}

/** Streams of the source, one of each kind: `contacts` has keys and changes, read incrementally and now and then in full; `events` are only ever
 *  added and have no key; `lists` are read in full each time. Keys are not used twice. */
export const STREAMS = ['contacts', 'events', 'lists'] as const;
export type StreamName = (typeof STREAMS)[number];

/** What is true: records that change while they are read. */
export class Source {
  readonly #random: Random;
  readonly #records: Record<StreamName, Map<number, number>> = {
    contacts: new Map(),
    events: new Map(),
    lists: new Map(),
  };
  #changes = 0;

  constructor(random: Random) {
    this.#random = random;
    for (const stream of STREAMS) for (let count = 2 + random.below(6); count > 0; count -= 1) this.#add(stream);
  }

  /** Number of the newest change. */
  get changes(): number {
    return this.#changes;
  }

  /** All records as they are now, by their key. */
  records(stream: StreamName): ReadonlyMap<number, number> {
    return this.#records[stream];
  }

  /** One record is added, changed or deleted. */
  change(): void {
    const stream = this.#random.pick(STREAMS);
    const ids = [...this.#records[stream].keys()];
    const kind = this.#random.next();
    if (stream === 'events' || kind < 0.4 || ids.length === 0) this.#add(stream);
    else if (kind < 0.8) this.#put(stream, this.#random.pick(ids));
    else this.#records[stream].delete(this.#random.pick(ids));
  }

  /** The next records in the order of their last change. */
  changedAfter(stream: StreamName, change: number, limit: number): SourceRecord[] {
    const later = this.#list(stream).filter(({ value }) => value > change);
    return later.sort((one, other) => one.value - other.value).slice(0, limit);
  }

  /** The next records in the order of their keys. */
  keysAfter(stream: StreamName, id: number, limit: number): SourceRecord[] {
    const later = this.#list(stream).filter((record) => record.id > id);
    return later.sort((one, other) => one.id - other.id).slice(0, limit);
  }

  #list(stream: StreamName): SourceRecord[] {
    return [...this.#records[stream]].map(([id, value]) => ({ id, value }));
  }

  #add(stream: StreamName): void {
    this.#put(stream, this.#changes + 1);
  }

  #put(stream: StreamName, id: number): void {
    this.#changes += 1;
    this.#records[stream].set(id, this.#changes);
  }
}
