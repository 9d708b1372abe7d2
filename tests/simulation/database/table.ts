import type { LockMode } from './row-lock.ts';

/** A transaction, as its rows know it. */
export interface Holder {
  readonly owner: string;
  readonly snapshot: number;
  readonly state: 'open' | 'committed' | 'aborted';
  /** Who must end before it can go on. */
  readonly waitsFor: readonly Holder[];
}

/** A row with its committed versions, the one that a transaction is about to commit, and who holds it. */
export class Row<T extends object> {
  readonly table: string;
  readonly versions: { at: number; values: T | undefined }[] = [];
  pending: { by: Holder; values: T | undefined } | undefined;
  readonly locks = new Map<Holder, LockMode>();

  constructor(table: string) {
    this.table = table;
  }

  /** As last committed. Undefined: deleted, or not committed yet. */
  get latest(): T | undefined {
    return this.versions.at(-1)?.values;
  }

  /** As the running statement of this transaction sees it. */
  visibleTo(transaction: Holder): T | undefined {
    if (this.pending?.by === transaction) return this.pending.values;
    for (let index = this.versions.length - 1; index >= 0; index -= 1) {
      const version = this.versions[index];
      if (version !== undefined && version.at <= transaction.snapshot) return version.values;
    }
    return undefined;
  }
}

/** A unique index. Rows without a key are not in it. */
export interface UniqueIndex<T> {
  name: string;
  key: (values: T) => string | number | undefined;
}

/** Holds the rows that a new one refers to. */
export type LockReferred = <T extends object>(table: Table<T>, where: (values: T) => boolean) => void;

export class Table<T extends object> {
  readonly name: string;
  readonly rows: Row<T>[] = [];
  unique: UniqueIndex<T>[];
  /** The foreign keys of a new row. */
  readonly refer: (lock: LockReferred, values: T) => void;

  constructor(
    name: string,
    unique: UniqueIndex<T>[] = [],
    refer: (lock: LockReferred, values: T) => void = () => undefined,
  ) {
    this.name = name;
    this.unique = unique;
    this.refer = refer;
  }

  /** What everybody sees. */
  committed(): T[] {
    const found: T[] = [];
    for (const { latest } of this.rows) if (latest !== undefined) found.push(latest);
    return found;
  }

  /** Puts a row there from outside, as migrations and registrations do. */
  put(values: T): void {
    const row = new Row<T>(this.name);
    row.versions.push({ at: 0, values });
    this.rows.push(row);
  }
}
