import { type Lock, splitLock } from './row-lock.ts';
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

/** Gives the rows that the statement returns, or those that it changed: their number is `rowCount`. */
export type Meaning = (call: Call) => object[];

/** Statements of the production code, and what each does to the rows of the simulated database. */
export type Meanings = Record<string, Meaning>;

export interface Prepared {
  text: string;
  lock: Lock | undefined;
  meaning: Meaning;
}

/** A change to what production says: the statement it would be with a protection switched off. */
export type Rewrite = (statement: string) => string;

/** The statements that the simulated database understands. One that it does not know is an error: whoever changes a statement says here what the
 *  new one means. */
export class Dialect {
  readonly #meanings: ReadonlyMap<string, Meaning>;
  readonly #rewrite: Rewrite;
  readonly #prepared = new Map<string, Prepared>();

  constructor(meanings: Meanings, rewrite: Rewrite = (statement) => statement) {
    this.#meanings = new Map(
      Object.entries(meanings).map(([text, meaning]) => [splitLock(oneLine(text)).text, meaning]),
    );
    this.#rewrite = rewrite;
  }

  prepare(statement: string): Prepared {
    const known = this.#prepared.get(statement);
    if (known !== undefined) return known;
    const { text, lock } = splitLock(this.#rewrite(oneLine(statement)));
    const meaning = this.#meanings.get(text);
    if (meaning === undefined) throw new Error(`the simulation does not know this statement: ${text}`);
    const prepared = { text, lock, meaning };
    this.#prepared.set(statement, prepared);
    return prepared;
  }
}

export function oneLine(statement: string): string {
  return statement.replaceAll(/\s+/g, ' ').trim();
}
