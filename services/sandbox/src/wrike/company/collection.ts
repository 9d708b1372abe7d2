import type { Random } from '../../random.ts';
import { classicId } from './ids.ts';

export type Row = Record<string, unknown>;
export type RowWithId = Row & { id: string };

/** Rows of one kind that are few and kept whole, in the order of their creation. */
export class Collection {
  readonly #idKind: string;
  readonly #rows = new Map<string, RowWithId>();
  #next = 0;

  /** @param idKind the letters of the kind in its ids. */
  constructor(idKind: string) {
    this.#idKind = idKind;
  }

  get rows(): RowWithId[] {
    return [...this.#rows.values()];
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The number that the next row gets. */
  get next(): number {
    return this.#next;
  }

  add(row: Row): RowWithId {
    const added = { id: classicId(this.#idKind, this.#next++), ...row };
    this.#rows.set(added.id, added);
    return added;
  }

  find(id: string): RowWithId | undefined {
    return this.#rows.get(id);
  }

  change(id: string, patch: Row): void {
    const row = this.#rows.get(id);
    if (row) this.#rows.set(id, { ...row, ...patch });
  }

  remove(id: string): void {
    this.#rows.delete(id);
  }

  pick(random: Random): RowWithId | undefined {
    return this.size === 0 ? undefined : random.pick(this.rows);
  }
}
