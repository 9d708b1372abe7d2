import { Guids } from './guid.ts';
import { SortedRows } from './sorted-rows.ts';

export interface CollectionOptions<Item> {
  /** Rows that exist from the start. */
  count: number;
  salt: number;
  /** The original item of a row: a pure function, so that a million rows cost no memory until they are changed. */
  generate: (row: number) => Item;
  /** When the original item was last changed, epoch milliseconds. */
  updatedAt: (row: number) => number;
  /** Called after each change; `before` is undefined for a new item. */
  onChange?: (row: number, before: Item | undefined, after: Item, at: number) => void;
}

const RECENT_MAX = 2_000;

/** All objects of one kind, by row number: generated on demand, kept only once they were changed. */
export class Collection<Item> {
  readonly guids: Guids;
  /** Grows with every change: what was derived from an older version is stale. */
  version = 0;
  /** Rows that exist from the start. */
  readonly originals: number;
  readonly #generate: (row: number) => Item;
  readonly #onChange: CollectionOptions<Item>['onChange'];
  readonly #changed = new Map<number, Item>();
  /** What was generated lately: writing one row looks at its relations several times. */
  readonly #recent = new Map<number, Item>();
  readonly #updatedAt: number[];
  #byId: SortedRows | undefined;
  #byUpdate: SortedRows | undefined;

  constructor(options: CollectionOptions<Item>) {
    this.guids = new Guids(options.salt);
    this.originals = options.count;
    this.#generate = options.generate;
    this.#onChange = options.onChange;
    this.#updatedAt = Array.from({ length: options.count }, (_, row) => options.updatedAt(row));
  }

  get count(): number {
    return this.#updatedAt.length;
  }

  get(row: number): Item {
    return this.#changed.get(row) ?? this.#recent.get(row) ?? this.#original(row);
  }

  updatedAt(row: number): number {
    return this.#updatedAt[row] ?? 0;
  }

  rowOf(id: string): number | undefined {
    const row = this.guids.rowOf(id);
    return row !== undefined && row < this.count ? row : undefined;
  }

  add(item: Item, at: number): number {
    const row = this.count;
    this.#updatedAt.push(at);
    this.#changed.set(row, item);
    this.#byId?.insert(row);
    this.#byUpdate?.insert(row);
    this.version += 1;
    this.#onChange?.(row, undefined, item, at);
    return row;
  }

  change(row: number, change: Partial<Item>, at: number): void {
    const before = this.get(row);
    const after = { ...before, ...change };
    this.#changed.set(row, after);
    this.#byUpdate?.remove(row);
    this.#updatedAt[row] = at;
    this.#byUpdate?.insert(row);
    this.version += 1;
    this.#onChange?.(row, before, after, at);
  }

  /** Changes an item without a new modified date: what the real API does with some fields. */
  changeSilently(row: number, change: Partial<Item>): void {
    this.#changed.set(row, { ...this.get(row), ...change });
    this.version += 1;
  }

  /** The item as it was on the first day. */
  original(row: number): Item {
    return this.#generate(row);
  }

  rowsById(): readonly number[] {
    this.#byId ??= new SortedRows(this.count, (row) => this.guids.sortKey(row));
    return this.#byId.rows;
  }

  rowsByUpdate(): readonly number[] {
    this.#byUpdate ??= new SortedRows(this.count, (row) => this.updatedAt(row));
    return this.#byUpdate.rows;
  }

  #original(row: number): Item {
    const item = this.#generate(row);
    if (this.#recent.size >= RECENT_MAX) this.#recent.clear();
    this.#recent.set(row, item);
    return item;
  }
}
