import type { DeleteRule } from '@pipeline/contracts';
import type { Pool, PoolClient } from '@pipeline/postgres';
import type { SchemaMessage } from '@pipeline/singer';
import type { Table } from './table.ts';

/** The loading engine: Singer records into PostgreSQL tables. It opens no transaction around a batch: the caller does, so that
 *  rows, ledger and checkpoint commit together. */
export interface Warehouse {
  /** Makes the table of a stream hold what the schema declares, and describes it. Additive and race-safe: short transactions of its own, an
   *  advisory lock per table, a lock time-out. Cached per schema, so it costs nothing on the next batch.
   *  @throws PipelineError `KEY_CHANGED`, `CONTRACT_FROZEN`; a transient database error (a lock not granted in time) as it came. */
  prepare(schema: SchemaMessage, target: { databaseSchema: string }): Promise<Table>;

  /** Writes one batch inside the caller's transaction. Loading it again, or after a newer batch, changes nothing. A record that
   *  does not fit never blocks the others: it comes back as rejected.
   *  @param lines RECORD messages of this stream, one a line, as the tap wrote them.
   *  @throws PipelineError `SINGER_INVALID_JSON` or `SINGER_INVALID_MESSAGE` for a line that is no RECORD of this stream; a database error that
   *  no record is to blame for, as it came. */
  write(client: PoolClient, table: Table, lines: Buffer, batch: Batch): Promise<WriteResult>;

  /** Marks the rows that a complete attempt proves to be gone, inside the caller's transaction. Call it when every batch of the attempt
   *  is committed, parents before their children. Doing it again changes nothing. A table that does not exist has nothing to delete. */
  activate(client: PoolClient, activation: Activation): Promise<ActivationResult>;
}

export interface Batch {
  /** `_sdc_sequence` of every row: a row is replaced only by a greater one. Within a batch the last record of a key wins. */
  sequence: bigint;
  /** When the batch reached the loader: `_sdc_received_at`. */
  receivedAt: Date;
}

export interface WriteResult {
  /** Records accepted, older ones than the table holds and repeated keys included: loaded + rejected = records in the batch. */
  loaded: number;
  rejected: RejectedRecord[];
  /** Values changed because PostgreSQL cannot hold them: NUL and lone surrogates (to U+FFFD), NaN inside JSON. */
  sanitised: number;
}

/** A record that does not fit, for the quarantine. */
export interface RejectedRecord {
  /** Of the record in the batch, from 0. */
  position: number;
  /** Column to blame, where known. */
  column: string | null;
  /** What PostgreSQL says or would say: 22P02, 23502. */
  sqlstate: string;
  /** Plain words without the value. */
  reason: string;
  /** The RECORD line as the tap wrote it. */
  record: string;
}

export interface Activation {
  databaseSchema: string;
  stream: string;
  /** The attempt: rows with `_sdc_sequence` below `epoch * 2^24` were not brought by it. */
  epoch: number;
  rule: DeleteRule;
  /** Refuses a deletion that is too large to be believed.
   *  @default {@link DEFAULT_BRAKE} */
  brake?: Brake | 'off';
}

/** The most that one activation may delete: `rows`, or `share` of the live rows if that is more. */
export interface Brake {
  rows: number;
  share: number;
}

/** Half of a table rarely disappears between two runs; tables below 100 rows may. */
export const DEFAULT_BRAKE: Brake = { rows: 100, share: 0.5 };

export type ActivationResult =
  | { outcome: 'activated'; deleted: number }
  /** Nothing was changed: `absent` of `live` rows would have gone. Repeat with `brake: 'off'` to do it. */
  | { outcome: 'refused'; live: number; absent: number };

export interface WarehouseOptions {
  pool: Pool;
  /** How names of streams and properties become identifiers.
   *  @default 'snake_case' */
  naming?: NamingStrategy;
  /** What a tombstone does. A hard delete forgets the row's sequence, so an older batch that arrives later would bring it back: only for a
   *  caller that writes the batches of a stream in order.
   *  @default 'soft' */
  deletes?: 'soft' | 'hard';
  /** What happens to what the table does not have yet.
   *  @default {@link DEFAULT_CONTRACT} */
  contract?: Contract;
  /** What happens when a stream's key properties are not those of its table: an error, or a new primary key.
   *  @default 'error' */
  keyChange?: 'error' | 'rekey';
}

/** `snake_case`: `updatedAt` becomes `updated_at`; `lower`: `updatedat`; `verbatim`: `updatedAt`. */
export type NamingStrategy = 'snake_case' | 'lower' | 'verbatim';

/** What happens to a new table, a new column, a value that its column does not hold.
 *  `evolve` changes the table, `freeze` fails the stream, `discard_row` leaves the record out and `quarantine` rejects it,
 *  `discard_value` writes NULL. */
export interface Contract {
  tables: 'evolve' | 'freeze';
  columns: Policy;
  types: Policy;
}
export type Policy = 'evolve' | 'freeze' | 'discard_row' | 'discard_value' | 'quarantine';

/** Tables follow the source; a single value that its column cannot hold is an error of the record. */
export const DEFAULT_CONTRACT: Contract = { tables: 'evolve', columns: 'evolve', types: 'quarantine' };

export function createWarehouse(options: WarehouseOptions): Warehouse {
  const missing = () => Promise.reject(new Error(`not there yet: ${options.naming ?? 'snake_case'}`));
  return { prepare: missing, write: missing, activate: missing };
}
