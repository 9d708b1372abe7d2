import { isTransient, type Pool, type PoolClient, sqlstate } from '@pipeline/postgres';
import type { SchemaMessage } from '@pipeline/singer';
import { completeContract, type PartialContract } from './contract.ts';
import { ChunkPool } from './rows/chunk-pool.ts';
import type { StreamOptions } from './stream-options.ts';
import { analyzeNew } from './table/analyze-new.ts';
import type { ColumnType } from './table/column-type.ts';
import { changeTable, ensureTable } from './table/ensure-table.ts';
import { EvolutionNeeded } from './table/evolution-needed.ts';
import type { NamingStrategy } from './table/identifier.ts';
import { Needs } from './table/needs.ts';
import type { ColumnConsent } from './table/new-columns.ts';
import type { Table } from './table/table.ts';
import { TableCache } from './table/table-cache.ts';
import type { PlanOptions } from './table/table-plan.ts';
import { explainRefusal } from './table/table-refusal.ts';
import {
  type Activation,
  type ActivationResult,
  activate,
  activateVersion,
  removeDeleted,
  type VersionActivation,
  type VersionResult,
} from './versions/activate.ts';
import type { Batch, WriteResult } from './write/batch.ts';
import { forgetStages } from './write/staging.ts';
import { TableChanged, writeBatch } from './write/write-batch.ts';

/** The loading engine: Singer records into PostgreSQL tables. It opens no transaction around a batch: the caller does, so that
 *  rows, ledger and checkpoint commit together. */
export interface Warehouse {
  /** Makes the table of a stream hold what the schema declares, and describes it. Additive and race-safe: short transactions of its own, an
   *  advisory lock per table, a lock time-out. Cached per schema, so it costs nothing on the next batch.
   *  @throws PipelineError `KEY_CHANGED`, `KEY_NOT_DECLARED`, `CONTRACT_FROZEN`, `TOO_MANY_NEW_COLUMNS`, `VIEW_BLOCKS_CHANGE`; a transient database error (a lock not
   *  granted in time) as it came. */
  prepare(schema: SchemaMessage, target: { databaseSchema: string; options?: StreamOptions }): Promise<Table>;

  /** Writes one batch inside the caller's transaction. Loading it again, or after a newer batch, changes nothing. A record that
   *  does not fit never blocks the others: it comes back as rejected. One batch of a table in a transaction, and nothing before it that touches the
   *  table.
   *  @param lines RECORD messages of this stream, one a line, as the tap wrote them.
   *  @throws PipelineError `SINGER_INVALID_JSON` or `SINGER_INVALID_MESSAGE` for a line that is no RECORD of this stream, `CONTRACT_FROZEN`, {@link TooManyRejected}; a
   *  database error that no record is to blame for, as it came. */
  write(client: PoolClient, table: Table, lines: Buffer, batch: Batch): Promise<WriteResult>;

  /** Marks the rows that a complete attempt proves to be gone, inside the caller's transaction. Call it when every batch of the attempt
   *  is committed, parents before their children. Doing it again changes nothing. A table that does not exist has nothing to delete. */
  activate(client: PoolClient, activation: Activation): Promise<ActivationResult>;

  /** Singer's ACTIVATE_VERSION: marks the rows of older versions as gone. Repeated or stale, it changes nothing. */
  activateVersion(client: PoolClient, activation: VersionActivation): Promise<VersionResult>;

  /** Removes the rows that are marked as deleted. Only when no batch of an unfinished attempt can come any more: one that is older than a mark
   *  would bring its row back. Returns their number. */
  removeDeleted(client: PoolClient, place: { databaseSchema: string; stream: string }): Promise<number>;

  /** Has PostgreSQL look at a table that it has never looked at. Its own autovacuum does so a minute later; queries that come before are planned for
   *  an empty table, and one that joins a few new tables can take minutes. */
  analyzeNew(client: PoolClient, place: { databaseSchema: string; stream: string }): Promise<void>;
}

export interface WarehouseOptions {
  pool: Pool;
  /** @default 'snake_case' - what people write in SQL without quotes. */
  naming?: NamingStrategy;
  /** What a tombstone does. A hard delete forgets the row's sequence, so an older batch that arrives later would bring it back: only for a
   *  caller that writes the batches of a stream in order.
   *  @default 'soft' */
  deletes?: 'soft' | 'hard';
  /** What happens to what a table does not have yet, by stream; `*` is for all others. @default {@link DEFAULT_CONTRACT} */
  contracts?: Record<string, PartialContract>;
  /** What happens when a stream's key properties are not those of its table: an error, or a new primary key. @default 'error' */
  keyChange?: 'error' | 'rekey';
  /** Types of columns, whatever the schema says, by stream and property; `*` is for all other streams. @default none */
  columnTypes?: Record<string, Record<string, ColumnType>>;
  /** How many columns a table may have, whatever comes at once. @default none is allowed: see {@link NEW_COLUMNS_MAX} */
  columnConsent?: ColumnConsent;
  /** Batches of so many bytes go as parameters of one statement and leave nothing in the catalog; larger ones go directly into the table, or
   *  through a temporary table. @default 1 MiB - from there on a COPY is as fast, and asks for less memory. */
  sentBytesMax?: number;
}

const SENT_BYTES_MAX = 1024 * 1024;

/** Times that one batch may change its table, find that somebody else has, or lose a deadlock. */
const REPETITIONS_MAX = 10;

/** @throws nothing: connections are made when they are needed. */
export function createWarehouse(options: WarehouseOptions): Warehouse {
  const planOptions = (stream: string, own: StreamOptions = {}): PlanOptions => ({
    table: own.table,
    naming: own.naming ?? options.naming ?? 'snake_case',
    contract: completeContract(own.contract ?? options.contracts?.[stream] ?? options.contracts?.['*']),
    keyChange: own.keyChange ?? options.keyChange ?? 'error',
    columnTypes: own.columnTypes ?? options.columnTypes?.[stream] ?? options.columnTypes?.['*'] ?? {},
    consent: { ...options.columnConsent, ...own.columnConsent },
  });
  const deletes = options.deletes ?? 'soft';
  const chunks = new ChunkPool();
  const { sentBytesMax = SENT_BYTES_MAX } = options;
  const cache = new TableCache((place) =>
    ensureTable(options.pool, place, planOptions(place.schema.stream, place.options)),
  );

  const write: Warehouse['write'] = async (client, prepared, lines, batch) => {
    let table = prepared;
    const found = new Needs();
    for (let repetition = 0; ; repetition++) {
      await client.query('savepoint warehouse');
      try {
        const own = { ...batch, batchedAt: new Date() };
        return await writeBatch(client, table, lines, { batch: own, deletes, chunks, sentBytesMax });
      } catch (error) {
        const isEvolution = error instanceof EvolutionNeeded;
        const isDeadlock = sqlstate(error) === DEADLOCK;
        if (repetition >= REPETITIONS_MAX || !(isEvolution || isDeadlock || isStale(error))) {
          throw isTransient(error) ? error : explainRefusal(error, { ...table, table: table.name });
        }
        await client.query('rollback to savepoint warehouse');
        // Going back has given up the locks, so whoever had to wait goes on.
        if (isDeadlock) continue;
        if (isEvolution) found.add(error.needs);
        // What is made in this transaction may be rolled back with it.
        cache.forget(table);
        forgetStages(client);
        table = await changeTable(client, table, found, planOptions(table.stream, table.options));
      }
    }
  };

  return {
    prepare: (schema, place) => cache.get({ ...place, schema }),
    write,
    activate: (client, activation) => activate(client, activation, deletes),
    removeDeleted,
    analyzeNew,
    activateVersion: async (client, activation) => {
      const result = await activateVersion(client, activation, deletes);
      // Tables that were described before do not know the version.
      cache.forget(activation);
      return result;
    },
  };
}

/** Somebody changed the table after it was described: no such schema, table or column, another type, a key that is gone. */
const STALE = new Set(['3F000', '42P01', '42703', '42804', '42P10', '42846']);

/** Rows that go directly into a table are locked in the order of the batch, so two loaders may meet crosswise. */
const DEADLOCK = '40P01';

function isStale(error: unknown): boolean {
  return error instanceof TableChanged || STALE.has(sqlstate(error) ?? '');
}
