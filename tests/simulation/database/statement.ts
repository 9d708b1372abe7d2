import { type Lock, lockOf } from './row-lock.ts';
import type { Schema } from './schema.ts';
import type { Transaction } from './transaction.ts';

/** What a statement works on. */
export interface Call {
  transaction: Transaction;
  tables: Schema;
  values: readonly unknown[];
  /** The locking clause that the statement has. */
  lock: Lock | undefined;
  /** `clock_timestamp()`. */
  now: number;
  /** The next number of a sequence. */
  next: () => number;
}

/** Returns the rows that the statement returns, or those that it changed: their number is `rowCount`. */
export type Meaning = (call: Call) => object[];

/** What each statement of the production code, by its name, does to the rows of the simulated database. */
export type Meanings = Record<string, Meaning>;

export interface Prepared {
  name: string;
  lock: Lock | undefined;
  meaning: Meaning;
}

/** Locking clauses that statements have instead of their own: undefined for none. */
export type OtherLocks = Record<string, Lock | undefined>;

/** The statements that the simulated database understands. One that it does not know is an error: whoever adds a statement says here what it
 *  means, and the comparison with PostgreSQL shows whether that is true. */
export class Dialect {
  readonly #meanings: Meanings;
  readonly #locks: OtherLocks;
  readonly #prepared = new Map<string, Prepared>();

  constructor(meanings: Meanings, locks: OtherLocks = {}) {
    this.#meanings = meanings;
    this.#locks = locks;
  }

  prepare(statement: string): Prepared {
    const known = this.#prepared.get(statement);
    if (known !== undefined) return known;
    const name = nameOf(statement);
    const meaning = this.#meanings[name];
    if (meaning === undefined) throw new Error(`the simulation does not know this statement: ${statement}`);
    const lock = name in this.#locks ? this.#locks[name] : lockOf(statement);
    const prepared = { name, lock, meaning };
    this.#prepared.set(statement, prepared);
    return prepared;
  }
}

/** `statement()` writes the name before the text. What stands for libs/warehouse has a name only. */
function nameOf(statement: string): string {
  return /^\/\* (?<name>[\w.]+) \*\//.exec(statement)?.groups?.['name'] ?? statement;
}
