import { isDataError, type PoolClient, quoteIdent, sqlstate } from '@pipeline/postgres';
import type { Batch, RejectedRecord, WriteResult } from './batch.ts';
import type { ChunkPool } from './chunk-pool.ts';
import { copyRows } from './copy-rows.ts';
import { Encoded } from './encoded.ts';
import { EvolutionNeeded } from './evolution-needed.ts';
import { Lines } from './lines.ts';
import { refusalOf } from './refusal.ts';
import { type Range, RowEncoder } from './row-encoder.ts';
import { batchConstants, copyColumns, type RowShape } from './row-shape.ts';
import { ensureStage } from './staging.ts';
import type { Guard, Table } from './table.ts';
import { readSignature } from './table-state.ts';

/** Writes a batch into a table that is as the batch's schema says, inside the caller's transaction: straight into the table where no key
 *  can repeat, else through a temporary table and an upsert. Records that PostgreSQL refuses are found by halving the batch.
 *  @throws EvolutionNeeded before the table is touched. */
export async function writeBatch(
  client: PoolClient,
  table: Table,
  bytes: Buffer,
  options: WriteOptions,
): Promise<WriteResult> {
  return new BatchWriter(client, table, new Lines(bytes), options).write();
}

export interface WriteOptions {
  batch: Batch & { batchedAt: Date };
  deletes: 'soft' | 'hard';
  chunks: ChunkPool;
}

class BatchWriter {
  readonly #client: PoolClient;
  readonly #table: Table;
  readonly #lines: Lines;
  readonly #options: WriteOptions;
  readonly #rejected: RejectedRecord[] = [];
  #sanitised = 0;

  constructor(client: PoolClient, table: Table, lines: Lines, options: WriteOptions) {
    this.#client = client;
    this.#table = table;
    this.#lines = lines;
    this.#options = options;
  }

  async write(): Promise<WriteResult> {
    if (this.#table.refusal !== undefined) return this.#refuse(this.#table.refusal);
    const whole = { from: 0, to: this.#lines.count };
    if (!(await this.#goStraight(whole))) {
      // Outside the savepoints below: what is rolled back to one of them must not take the stage with it.
      if (this.#isStaged) await ensureStage(this.#client, this.#table);
      if (!(await this.#attempt({ ...whole, exact: false }, '<'))) {
        // A cast to a type that the column has no longer would reject good records.
        await this.#checkUnchanged();
        await this.#writePieces({ ...whole, exact: true });
      }
    }
    return {
      loaded: this.#lines.count - this.#rejected.length,
      rejected: this.#rejected,
      sanitised: this.#sanitised,
    };
  }

  get #isStaged(): boolean {
    return this.#table.keyColumns.length > 0 || !this.#table.isOwnTyped;
  }

  /** False: some key exists already, or the batch has tombstones, so nothing was written. */
  async #goStraight(range: { from: number; to: number }): Promise<boolean> {
    const { loadMode, keyColumns, isOwnTyped } = this.#table;
    if (keyColumns.length === 0 || !isOwnTyped || !loadMode.isStraight) return false;
    await this.#client.query('savepoint straight');
    try {
      await this.#straightCopy({ ...range, exact: false });
      return true;
    } catch (error) {
      if (error instanceof EvolutionNeeded || !isConflict(error)) throw error;
      await this.#client.query('rollback to savepoint straight');
      loadMode.conflicted();
      return false;
    }
  }

  /** Writes the range, or nothing of it and false when PostgreSQL refused a value. */
  async #attempt(range: Range, guard: Guard): Promise<boolean> {
    await this.#client.query('savepoint piece');
    try {
      await this.#writeRange(range, guard);
      return true;
    } catch (error) {
      if (!isBlamable(error)) throw error;
      await this.#client.query('rollback to savepoint piece');
      if (range.exact && range.to - range.from === 1) this.#reject(range.from, error);
      return false;
    }
  }

  /** Pieces of one batch have one sequence, and of two the later wins. */
  async #writePieces(range: Range): Promise<void> {
    if (await this.#attempt(range, '<=')) return;
    const count = range.to - range.from;
    if (count === 1) return;
    const middle = range.from + (count >> 1);
    await this.#writePieces({ ...range, to: middle });
    await this.#writePieces({ ...range, from: middle });
  }

  async #writeRange(range: Range, guard: Guard): Promise<void> {
    if (this.#isStaged) await this.#stagedWrite(range, guard);
    else await this.#straightCopy(range);
  }

  /** Binary rows are only as good as the types that they were made for: the table is held so that they stay. */
  async #straightCopy(range: Range): Promise<void> {
    const { sql } = this.#table;
    await this.#client.query(`lock table ${sql.target} in row exclusive mode`);
    await this.#checkUnchanged();
    const shape: RowShape = {
      ...this.#table.stagedShape,
      hasPosition: false,
      constants: batchConstants(this.#options.batch),
    };
    const columns = copyColumns(shape).map(quoteIdent).join(', ');
    const statement = `copy ${sql.target} (${columns}) from stdin (format binary)`;
    const encoded = await this.#copy(statement, shape, range);
    if (encoded.tombstones > 0) {
      if (this.#table.keyColumns.length > 0) throw new TombstoneInTheWay();
      if (this.#options.deletes === 'hard') await this.#removeBuried();
    }
    this.#accept(encoded);
  }

  async #checkUnchanged(): Promise<void> {
    const { oid, signature } = this.#table;
    if ((await readSignature(this.#client, oid)) !== signature) throw new TableChanged();
  }

  async #stagedWrite(range: Range, guard: Guard): Promise<void> {
    const { sql, keyColumns, oid, loadMode, stagedShape } = this.#table;
    const encoded = await this.#copy(sql.copyToStage, stagedShape, range);
    const values = [
      this.#options.batch.receivedAt,
      this.#options.batch.batchedAt,
      String(this.#options.batch.sequence),
    ];
    if (keyColumns.length === 0) await this.#client.query(sql.insert, values);
    else {
      if (encoded.tombstones > 0) await this.#client.query(sql.claimKeys);
      await this.#client.query(sql.upsert(guard), values);
      if (encoded.tombstones > 0) await this.#client.query(sql.bury, values);
      loadMode.staged(await this.#updatedRows(oid));
    }
    if (encoded.tombstones > 0 && this.#options.deletes === 'hard') await this.#removeBuried();
    // The next piece of this transaction begins with an empty stage.
    if (range.to - range.from < this.#lines.count) await this.#client.query(sql.truncateStage);
    this.#accept(encoded);
  }

  async #copy(statement: string, shape: RowShape, range: Range): Promise<Encoded> {
    const encoded = new Encoded();
    const lease = this.#options.chunks.lease();
    const rows = new RowEncoder(shape, lease.allocate).rows(this.#lines, range, encoded);
    await copyRows(this.#client, statement, untilEvolution(rows, encoded));
    lease.release();
    return encoded;
  }

  async #removeBuried(): Promise<void> {
    await this.#client.query(this.#table.sql.removeBuried, [String(this.#options.batch.sequence)]);
  }

  async #updatedRows(oid: number): Promise<number> {
    const { rows } = await this.#client.query<{ updated: string }>(
      'select pg_stat_get_xact_tuples_updated($1::oid) as updated',
      [oid],
    );
    return Number(rows[0]?.updated ?? 0);
  }

  #accept(encoded: Encoded): void {
    this.#rejected.push(...encoded.rejected);
    this.#sanitised += encoded.sanitised;
  }

  #reject(position: number, error: unknown): void {
    this.#rejected.push({ position, record: this.#text(position), ...refusalOf(error) });
  }

  #refuse(refusal: 'quarantine' | 'discard'): WriteResult {
    const { count } = this.#lines;
    if (refusal === 'discard') return { loaded: count, rejected: [], sanitised: 0 };
    const reason = 'the contract allows no table for the stream';
    const rejected = Array.from({ length: count }, (_, position) => {
      return { position, column: null, sqlstate: '42P01', reason, record: this.#text(position) };
    });
    return { loaded: 0, rejected, sanitised: 0 };
  }

  #text(position: number): string {
    return this.#lines.bytes.toString('utf8', this.#lines.start(position), this.#lines.end(position));
  }
}

/** The rows as long as they fit the table; when they turn out not to, the rest is only read for what else it needs. */
function* untilEvolution(rows: Iterable<Buffer>, encoded: Encoded): Generator<Buffer> {
  for (const piece of rows) if (encoded.needs.isEmpty) yield piece;
  if (!encoded.needs.isEmpty) throw new EvolutionNeeded(encoded.needs);
}

/** The table has other columns than when it was described. */
export class TableChanged extends Error {}

/** Rows with a key go straight into the table only if they are new and live. */
class TombstoneInTheWay extends Error {}

const UNIQUE_VIOLATION = '23505';
/** Two straight batches that bring the same new keys in different order. */
const DEADLOCK = '40P01';

function isConflict(error: unknown): boolean {
  if (error instanceof TombstoneInTheWay || isBlamable(error)) return true;
  const state = sqlstate(error);
  return state === UNIQUE_VIOLATION || state === DEADLOCK;
}

/** A record is to blame: its value does not fit (22, 23), it is too large (54), or two of its keys are one to PostgreSQL (21). */
function isBlamable(error: unknown): boolean {
  return isDataError(error) || /^(54|21)/.test(sqlstate(error) ?? '');
}
