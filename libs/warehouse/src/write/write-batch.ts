import { type PoolClient, quoteIdent, sqlstate } from '@pipeline/postgres';
import type { ChunkPool } from '../rows/chunk-pool.ts';
import { Encoded } from '../rows/encoded.ts';
import { Lines } from '../rows/lines.ts';
import { type Range, RowEncoder } from '../rows/row-encoder.ts';
import { batchConstants, copyColumns, type RowShape } from '../rows/row-shape.ts';
import { EvolutionNeeded } from '../table/evolution-needed.ts';
import type { Table } from '../table/table.ts';
import type { RowStatements } from '../table/table-sql.ts';
import { holdTable } from '../table/table-state.ts';
import { ArrayParameters } from './array-parameters.ts';
import type { Batch, RejectedRecord, WriteResult } from './batch.ts';
import { copyRows } from './copy-rows.ts';
import { isBlamable } from './refusal.ts';
import { refuseBatch } from './refuse-batch.ts';
import { ensureStage } from './staging.ts';
import { TooManyRejected } from './too-many-rejected.ts';
import { type ExactWrite, writeExactly } from './write-exactly.ts';

/** Writes a batch into a table that is as the batch's schema says, inside the caller's transaction: directly into the table where no key
 *  can repeat, else through a temporary table and an upsert. Records that PostgreSQL refuses are found row by row, by the server.
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
  /** Larger batches go through a temporary table. */
  sentBytesMax: number;
}

class BatchWriter {
  readonly #client: PoolClient;
  readonly #table: Table;
  readonly #lines: Lines;
  readonly #options: WriteOptions;
  readonly #rejected: RejectedRecord[] = [];
  #sanitised = 0;
  #stale = 0;

  constructor(client: PoolClient, table: Table, lines: Lines, options: WriteOptions) {
    this.#client = client;
    this.#table = table;
    this.#lines = lines;
    this.#options = options;
  }

  async write(): Promise<WriteResult> {
    if (this.#table.refusal !== undefined) return refuseBatch(this.#lines, this.#table.refusal);
    const whole = { from: 0, to: this.#lines.count, exact: false };
    const isSent = this.#lines.bytes.length <= this.#options.sentBytesMax;
    if (isSent || !(await this.#tryFastPath(whole))) {
      // Outside the savepoints below: what is rolled back to one of them must not take the stage with it.
      if (!isSent && this.#isStaged) await ensureStage(this.#client, this.#table);
      if (!(await this.#attempt(whole, isSent))) {
        await ensureStage(this.#client, this.#table);
        await writeExactly(await this.#exactWrite());
      }
    }
    return {
      loaded: this.#lines.count - this.#rejected.length,
      rejected: this.#rejected.sort((a, b) => a.position - b.position),
      sanitised: this.#sanitised,
      stale: this.#stale,
    };
  }

  get #isStaged(): boolean {
    return this.#table.keyColumns.length > 0 || !this.#table.isOwnTyped;
  }

  /** False: some key exists already, or the batch has tombstones, so nothing was written. */
  async #tryFastPath(range: Range): Promise<boolean> {
    const { loadMode, keyColumns, isOwnTyped } = this.#table;
    if (keyColumns.length === 0 || !isOwnTyped || !loadMode.isFastPath) return false;
    await this.#hold('fast_path');
    try {
      await this.#copyIntoTable(range);
      return true;
    } catch (error) {
      if (error instanceof EvolutionNeeded || !isConflict(error)) throw error;
      await this.#client.query('rollback to savepoint fast_path');
      loadMode.conflicted();
      return false;
    }
  }

  /** Writes the range, or nothing of it and false when PostgreSQL refused a value. */
  async #attempt(range: Range, isSent: boolean): Promise<boolean> {
    await this.#hold('piece');
    try {
      if (isSent) await this.#sentWrite(range);
      else if (this.#isStaged) await this.#stagedWrite(range);
      else await this.#copyIntoTable(range);
      return true;
    } catch (error) {
      if (!isBlamable(error)) throw error;
      await this.#client.query('rollback to savepoint piece');
      return false;
    }
  }

  async #copyIntoTable(range: Range): Promise<void> {
    const { sql } = this.#table;
    const shape: RowShape = {
      ...this.#table.stagedShape,
      hasPosition: false,
      constants: batchConstants(this.#options.batch),
    };
    const columns = copyColumns(shape).map(quoteIdent).join(', ');
    const statement = `copy ${sql.target} (${columns}) from stdin (format binary)`;
    const encoded = new Encoded();
    await this.#copy(statement, shape, range, encoded);
    if (encoded.tombstones > 0) {
      if (this.#table.keyColumns.length > 0) throw new TombstoneInTheWay();
      if (this.#options.deletes === 'hard') await this.#removeSoftDeleted();
    }
    this.#accept(encoded);
  }

  /** Binary rows and casts are only as good as the types that they were made for. */
  async #hold(savepoint: string): Promise<void> {
    const { oid, signature, sql } = this.#table;
    if ((await holdTable(this.#client, { target: sql.target, oid }, savepoint)) !== signature) throw new TableChanged();
  }

  /** No COPY and no temporary table, so nothing of the catalog changes. */
  async #sentWrite(range: Range): Promise<void> {
    const { sql, stagedShape } = this.#table;
    const encoded = new Encoded();
    const arrays = new ArrayParameters(['integer', ...stagedShape.fields.map(({ type }) => type)]);
    const lease = this.#options.chunks.lease();
    const rows = new RowEncoder(stagedShape, lease.allocate).rows(this.#lines, range, encoded);
    for (const piece of untilEvolution(rows, encoded)) arrays.add(piece);
    lease.release();
    if (encoded.rows > 0) await this.#writeRows(sql.sent, arrays.values(), encoded);
    this.#accept(encoded);
  }

  async #stagedWrite(range: Range): Promise<void> {
    const { sql, keyColumns, oid, loadMode, stagedShape } = this.#table;
    const encoded = new Encoded();
    await this.#copy(sql.copyToStage, stagedShape, range, encoded);
    await this.#writeRows(sql.staged, [], encoded);
    if (keyColumns.length > 0) loadMode.staged(await this.#updatedRows(oid));
    this.#accept(encoded);
  }

  async #writeRows(statements: RowStatements, arrays: Buffer[], encoded: Encoded): Promise<void> {
    const { receivedAt, batchedAt, sequence } = this.#options.batch;
    const values = [...arrays, receivedAt, batchedAt, String(sequence)];
    const hasTombstones = encoded.tombstones > 0;
    if (this.#table.keyColumns.length === 0) await this.#client.query(statements.insert(), values);
    else {
      if (hasTombstones) await this.#client.query(statements.claimKeys(), arrays);
      await this.#client.query(statements.upsert('<', this.#keptColumns(encoded)), values);
      if (hasTombstones) await this.#client.query(statements.softDelete(), values);
    }
    if (hasTombstones && this.#options.deletes === 'hard') await this.#removeSoftDeleted(statements, arrays);
  }

  async #exactWrite(): Promise<ExactWrite> {
    const rejectedMax = (await this.#options.batch.rejectedMax?.()) ?? Number.MAX_SAFE_INTEGER;
    return {
      client: this.#client,
      table: this.#table,
      lines: this.#lines,
      batch: this.#options.batch,
      copy: (range, encoded) => this.#copy(this.#table.sql.copyToStage, this.#table.stagedShape, range, encoded),
      keptColumns: (encoded) => this.#keptColumns(encoded),
      accept: (encoded) => this.#accept(encoded),
      refusalsLeft: () => rejectedMax - this.#rejected.length,
      stop: () => new TooManyRejected(this.#table.stream, this.#rejected),
      reject: (position, refusal) => this.#rejected.push({ position, record: this.#lines.text(position), ...refusal }),
      finishTombstones: () => (this.#options.deletes === 'hard' ? this.#removeSoftDeleted() : Promise.resolve()),
    };
  }

  /** Columns of properties that have left the schema, and that no record of the batch has: what is stored in them stays. */
  #keptColumns({ mentioned }: Encoded): ReadonlySet<string> | undefined {
    const { undeclaredSlots, fields } = this.#table.stagedShape;
    if (undeclaredSlots.length === 0) return undefined;
    return new Set(undeclaredSlots.flatMap((slot) => (mentioned.has(slot) ? [] : (fields[slot]?.column ?? []))));
  }

  async #copy(statement: string, shape: RowShape, range: Range, encoded: Encoded): Promise<void> {
    const lease = this.#options.chunks.lease();
    const rows = new RowEncoder(shape, lease.allocate).rows(this.#lines, range, encoded);
    await copyRows(this.#client, statement, untilEvolution(rows, encoded));
    lease.release();
  }

  async #removeSoftDeleted(statements = this.#table.sql.staged, arrays: Buffer[] = []): Promise<void> {
    const used = this.#table.keyColumns.length > 0 ? arrays : [];
    await this.#client.query(statements.removeSoftDeleted(), [...used, String(this.#options.batch.sequence)]);
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
    this.#stale += encoded.stale;
  }
}

/** The rows as long as they fit the table; when they turn out not to, the rest is only read for what else it needs. */
function* untilEvolution(rows: Iterable<Buffer>, encoded: Encoded): Generator<Buffer> {
  for (const piece of rows) if (encoded.needs.isEmpty) yield piece;
  if (!encoded.needs.isEmpty) throw new EvolutionNeeded(encoded.needs);
}

/** The table has other columns than when it was described. */
export class TableChanged extends Error {}

/** Rows with a key go directly into the table only if they are new and live. */
class TombstoneInTheWay extends Error {}

const UNIQUE_VIOLATION = '23505';
/** Two batches on the fast path that bring the same new keys in different order. */
const DEADLOCK = '40P01';

function isConflict(error: unknown): boolean {
  if (error instanceof TombstoneInTheWay || isBlamable(error)) return true;
  const state = sqlstate(error);
  return state === UNIQUE_VIOLATION || state === DEADLOCK;
}
