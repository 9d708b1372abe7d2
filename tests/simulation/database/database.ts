import type { Pool, PoolClient } from '@pipeline/postgres';
import type { Actor } from '../world/process.ts';
import { standIn } from '../world/stand-in.ts';
import type { World } from '../world/world.ts';
import { Schema } from './schema.ts';
import type { Dialect, Prepared } from './statement.ts';
import type { Holder } from './table.ts';
import { DatabaseError, MustWait, Transaction } from './transaction.ts';

/** PostgreSQL ends a transaction whose client says nothing for this long (`idle_in_transaction_session_timeout`), in milliseconds. */
const IDLE_IN_TRANSACTION_MS = 30_000;

/** What may go wrong between a client and the server. */
export interface DatabaseFaults {
  /** The connection dies before this statement. */
  cutsStatement: () => boolean;
  /** What becomes of a COMMIT: carried out and confirmed, refused, or carried out and the response lost. */
  commit: () => 'confirmed' | 'refused' | 'response-lost';
}

interface Result {
  rows: object[];
  rowCount: number;
}

/** PostgreSQL as far as the protocol needs it: READ COMMITTED, row locks, unique indexes, and connections that break at any statement. The
 *  production code talks to it through a pool, and is interrupted at every statement. */
export class Database {
  readonly tables = new Schema();
  readonly #world: World;
  readonly #dialect: Dialect;
  readonly #faults: DatabaseFaults;
  readonly #open = new Map<Transaction, Actor>();
  readonly #onCommit: (transaction: Transaction) => void;
  #commits = 0;
  #sequence = 0;

  constructor(
    world: World,
    dialect: Dialect,
    options: { faults: DatabaseFaults; onCommit: (transaction: Transaction) => void },
  ) {
    this.#world = world;
    this.#dialect = dialect;
    this.#faults = options.faults;
    this.#onCommit = options.onCommit;
    world.alarms.push(() => this.#nextTimeout());
  }

  /** The pool of one actor. */
  pool(actor: Actor): Pool {
    return standIn<Pool>({
      query: (text: string, values: unknown[] = []) => this.#autocommit(actor, text, values),
      connect: async () => this.#connect(actor),
    });
  }

  /** The server goes down and comes back: every open transaction is gone. */
  restart(): void {
    for (const transaction of this.#open.keys()) this.#abort(transaction);
  }

  /** Ends what a dead process, or one that says nothing for too long, still has open. */
  endLost(): void {
    for (const [transaction, { process }] of this.#open) {
      const isSilent = !transaction.isBlocked && this.#world.now - transaction.idleSince >= IDLE_IN_TRANSACTION_MS;
      if (!process.isAlive || isSilent) this.#abort(transaction);
    }
  }

  #connect(actor: Actor): PoolClient {
    let transaction: Transaction | undefined;
    const query = async (text: string, values: unknown[] = []): Promise<Result> => {
      if (text === 'begin') {
        transaction = this.#begin(actor);
        return { rows: [], rowCount: 0 };
      }
      if (transaction === undefined) return this.#autocommit(actor, text, values);
      if (text === 'commit') return this.#commit(actor, transaction);
      const savepoint = savepointCommand(text);
      if (savepoint !== undefined) return this.#savepoint(actor, transaction, text, savepoint);
      return this.#execute(actor, transaction, text, values);
    };
    const release = () => {
      if (transaction !== undefined) this.#abort(transaction);
    };
    return standIn<PoolClient>({ query, release, on: () => undefined, off: () => undefined });
  }

  async #autocommit(actor: Actor, text: string, values: unknown[]): Promise<Result> {
    const transaction = this.#begin(actor);
    try {
      const result = await this.#execute(actor, transaction, text, values);
      if (transaction.written.size > 0) await this.#end(actor, transaction);
      return result;
    } finally {
      this.#abort(transaction);
    }
  }

  #begin(actor: Actor): Transaction {
    const transaction = new Transaction(actor.name);
    transaction.idleSince = this.#world.now;
    this.#open.set(transaction, actor);
    return transaction;
  }

  async #execute(actor: Actor, transaction: Transaction, text: string, values: unknown[]): Promise<Result> {
    const prepared = this.#dialect.prepare(text);
    return this.#run(actor, transaction, prepared.name, () => this.#call(transaction, prepared, values));
  }

  #savepoint(actor: Actor, transaction: Transaction, text: string, work: (transaction: Transaction) => void) {
    return this.#run(actor, transaction, text, () => {
      work(transaction);
      return [];
    });
  }

  /** One statement, given as what it does. It takes a turn, waits for locks, and may find its connection dead. */
  async #run(actor: Actor, transaction: Transaction, what: string, work: () => object[]): Promise<Result> {
    await this.#world.turn(actor, what);
    if (transaction.state === 'open' && this.#faults.cutsStatement()) this.#abort(transaction);
    transaction.snapshot = this.#commits;
    for (;;) {
      this.#checkOpen(actor, transaction);
      try {
        const rows = work();
        transaction.waitsFor = [];
        transaction.idleSince = this.#world.now;
        return { rows, rowCount: rows.length };
      } catch (error) {
        if (!(error instanceof MustWait)) throw error;
        transaction.waitsFor = error.for;
        this.#checkDeadlock(transaction);
      }
      const goesOn = () => !transaction.isBlocked || transaction.state !== 'open';
      await this.#world.until(actor, `has waited for a lock: ${what}`, goesOn);
    }
  }

  #call(transaction: Transaction, { meaning, lock }: Prepared, values: unknown[]): object[] {
    const next = () => {
      this.#sequence += 1;
      return this.#sequence;
    };
    return meaning({ transaction, tables: this.tables, values, lock, now: this.#world.now, next });
  }

  async #commit(actor: Actor, transaction: Transaction): Promise<Result> {
    await this.#world.turn(actor, 'commit');
    this.#checkOpen(actor, transaction);
    await this.#end(actor, transaction);
    return { rows: [], rowCount: 0 };
  }

  /** The commit, and the way of its response, on which the client may die. */
  async #end(actor: Actor, transaction: Transaction): Promise<void> {
    const fate = this.#faults.commit();
    if (fate === 'refused') this.#abort(transaction);
    this.#checkOpen(actor, transaction);
    this.#commits += 1;
    transaction.commit(this.#commits);
    this.#open.delete(transaction);
    this.#onCommit(transaction);
    await this.#world.turn(actor, fate === 'confirmed' ? 'committed' : 'committed, the response is lost');
    if (fate === 'response-lost') throw connectionLost();
  }

  #checkOpen(actor: Actor, transaction: Transaction): void {
    if (transaction.state === 'open') return;
    this.#world.note(actor, 'its connection is dead');
    throw connectionLost();
  }

  #checkDeadlock(waiting: Transaction): void {
    const seen = new Set<Holder>();
    const visit = (transaction: Holder): boolean => {
      if (transaction === waiting && seen.size > 0) return true;
      if (seen.has(transaction) || transaction.state !== 'open') return false;
      seen.add(transaction);
      return transaction.waitsFor.some(visit);
    };
    if (!visit(waiting)) return;
    this.#world.fail(`a deadlock between ${[...seen].map(({ owner }) => owner).join(', ')}`);
    this.#abort(waiting);
    throw new DatabaseError('40P01', 'deadlock detected');
  }

  #abort(transaction: Transaction): void {
    transaction.abort();
    this.#open.delete(transaction);
  }

  #nextTimeout(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const transaction of this.#open.keys()) {
      if (!transaction.isBlocked) next = Math.min(next, transaction.idleSince + IDLE_IN_TRANSACTION_MS);
    }
    return next;
  }
}

function savepointCommand(text: string): ((transaction: Transaction) => void) | undefined {
  if (text.startsWith('savepoint ')) return (transaction) => transaction.savepoint();
  if (text.startsWith('release savepoint ')) return (transaction) => transaction.releaseSavepoint();
  if (text.startsWith('rollback to savepoint ')) return (transaction) => transaction.rollbackToSavepoint();
  return undefined;
}

function connectionLost(): DatabaseError {
  return new DatabaseError('08006', 'connection terminated unexpectedly');
}
