import { conflicts, type Lock, type LockMode, stronger } from './row-lock.ts';
import { type Holder, Row, type Table } from './table.ts';

/** The statement waits until one of these transactions has ended, and is then carried out again with the snapshot it began with. */
export class MustWait {
  readonly for: Holder[];

  constructor(blockers: Holder[]) {
    this.for = blockers;
  }
}

/** An error as the driver reports it. */
export class DatabaseError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

type Where<T> = (values: T) => boolean;

/** A transaction at READ COMMITTED: every statement has a snapshot of its own; a row that somebody else has locked is waited for, and the
 *  statement goes on with its newest version if that still satisfies the condition. */
export class Transaction implements Holder {
  readonly owner: string;
  /** Commits up to this one are visible to the running statement. */
  snapshot = 0;
  state: 'open' | 'committed' | 'aborted' = 'open';
  waitsFor: Holder[] = [];
  /** End of its last statement. */
  idleSince = 0;
  readonly written = new Set<Row<object>>();
  readonly #locked = new Set<Row<object>>();
  #savepoint: { written: number; locks: Map<Row<object>, LockMode | undefined> } | undefined;

  constructor(owner: string) {
    this.owner = owner;
  }

  get isBlocked(): boolean {
    return this.waitsFor.some((other) => other.state === 'open');
  }

  select<T extends object>(table: Table<T>, where: Where<T>): T[] {
    const found: T[] = [];
    for (const row of table.rows) {
      const values = row.visibleTo(this);
      if (values !== undefined && where(values)) found.push(values);
    }
    return found;
  }

  /** SELECT with a locking clause; without one a plain SELECT. */
  selectFor<T extends object>(table: Table<T>, where: Where<T>, lock: Lock | undefined, limit = Infinity): T[] {
    if (lock === undefined) return this.select(table, where).slice(0, limit);
    return this.#lockRows(table, where, lock, limit).map(([, values]) => values);
  }

  update<T extends object>(table: Table<T>, where: Where<T>, change: (values: T) => Partial<T>): T[] {
    // All locks first: a statement that must wait is carried out again.
    const rows = this.#lockRows(table, where, { mode: 'no key update', skipLocked: false });
    return rows.map(([row, values]) => {
      const changed = { ...values, ...change(values) };
      const taken = this.#conflict(table, changed, row);
      if (taken !== undefined) throw uniqueViolation(taken);
      this.#write(row, changed);
      return changed;
    });
  }

  remove<T extends object>(table: Table<T>, where: Where<T>): T[] {
    const rows = this.#lockRows(table, where, { mode: 'update', skipLocked: false });
    return rows.map(([row, values]) => {
      this.#write(row, undefined);
      return values;
    });
  }

  insert<T extends object>(table: Table<T>, values: T): T {
    const taken = this.#conflict(table, values, undefined);
    if (taken !== undefined) throw uniqueViolation(taken);
    this.#add(table, values);
    return values;
  }

  /** INSERT … ON CONFLICT DO NOTHING. False: it is there already. */
  insertIfAbsent<T extends object>(table: Table<T>, values: T): boolean {
    if (this.#conflict(table, values, undefined) !== undefined) return false;
    this.#add(table, values);
    return true;
  }

  /** INSERT … ON CONFLICT DO UPDATE … WHERE: also a row that the statement's snapshot does not show is replaced. */
  upsert<T extends object>(table: Table<T>, values: T, where: Where<T>): void {
    const key = table.unique[0]?.key ?? (() => undefined);
    if (this.insertIfAbsent(table, values)) return;
    for (const row of table.rows) {
      const present = row.pending?.by === this ? row.pending.values : row.latest;
      if (present === undefined || key(present) !== key(values)) continue;
      this.#hold(row, 'no key update');
      if (where(present)) this.#write(row, values);
    }
  }

  commit(at: number): void {
    this.state = 'committed';
    for (const row of this.written) {
      row.versions.push({ at, values: row.pending?.values });
      row.pending = undefined;
    }
    this.#release();
  }

  abort(): void {
    if (this.state !== 'open') return;
    this.state = 'aborted';
    for (const row of this.written) row.pending = undefined;
    this.#release();
  }

  /** One savepoint at a time, which takes back locks only: the production code asks for no more. */
  savepoint(): void {
    const locks = new Map([...this.#locked].map((row) => [row, row.locks.get(this)]));
    this.#savepoint = { written: this.written.size, locks };
  }

  rollbackToSavepoint(): void {
    if (this.#savepoint === undefined) throw new DatabaseError('3B001', 'savepoint does not exist');
    const { written, locks } = this.#savepoint;
    if (this.written.size !== written) throw new Error('the simulation takes back no writes to a savepoint');
    for (const row of this.#locked) {
      const mode = locks.get(row);
      if (mode === undefined) this.#unlock(row);
      else row.locks.set(this, mode);
    }
  }

  releaseSavepoint(): void {
    if (this.#savepoint === undefined) throw new DatabaseError('3B001', 'savepoint does not exist');
    this.#savepoint = undefined;
  }

  #unlock(row: Row<object>): void {
    row.locks.delete(this);
    this.#locked.delete(row);
  }

  #add<T extends object>(table: Table<T>, values: T): void {
    table.refer((other, where) => this.selectFor(other, where, { mode: 'key share', skipLocked: false }), values);
    const row = new Row<T>(table.name);
    table.rows.push(row);
    row.locks.set(this, 'update');
    this.#locked.add(row);
    this.#write(row, values);
  }

  #write<T extends object>(row: Row<T>, values: T | undefined): void {
    row.pending = { by: this, values };
    this.written.add(row);
  }

  #lockRows<T extends object>(table: Table<T>, where: Where<T>, lock: Lock, limit = Infinity): [Row<T>, T][] {
    const found: [Row<T>, T][] = [];
    for (const row of table.rows) {
      if (found.length >= limit) break;
      const seen = row.visibleTo(this);
      if (seen === undefined || !where(seen)) continue;
      const blockers = this.#blockers(row, lock.mode);
      if (blockers.length > 0 && lock.skipLocked) continue;
      if (blockers.length > 0) throw new MustWait(blockers);
      const newest = row.pending?.by === this ? row.pending.values : row.latest;
      if (newest === undefined || !where(newest)) continue;
      this.#hold(row, lock.mode);
      found.push([row, newest]);
    }
    return found;
  }

  #hold(row: Row<object>, mode: LockMode): void {
    const blockers = this.#blockers(row, mode);
    if (blockers.length > 0) throw new MustWait(blockers);
    row.locks.set(this, stronger(row.locks.get(this), mode));
    this.#locked.add(row);
  }

  #blockers(row: Row<object>, mode: LockMode): Holder[] {
    if (row.locks.size === 0) return [];
    return [...row.locks].filter(([by, held]) => by !== this && conflicts(mode, held)).map(([by]) => by);
  }

  /** The name of the index that already has such a row. What somebody else is about to commit or to take back is waited for. */
  #conflict<T extends object>(table: Table<T>, values: T, self: Row<T> | undefined): string | undefined {
    for (const { name, key } of table.unique) {
      const wanted = key(values);
      if (wanted === undefined) continue;
      for (const row of table.rows) {
        if (row === self) continue;
        const { latest, pending } = row;
        const isTaken = latest !== undefined && key(latest) === wanted;
        const isWanted = pending?.values !== undefined && key(pending.values) === wanted;
        if (pending !== undefined && pending.by !== this && (isTaken || isWanted)) throw new MustWait([pending.by]);
        if (pending?.by === this ? isWanted : isTaken) return name;
      }
    }
    return undefined;
  }

  #release(): void {
    for (const row of this.#locked) this.#unlock(row);
    this.waitsFor = [];
  }
}

function uniqueViolation(index: string): DatabaseError {
  return new DatabaseError('23505', `duplicate key value violates unique constraint "${index}"`);
}
