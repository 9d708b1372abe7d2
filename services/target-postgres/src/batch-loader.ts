import { findChange, hasRejected, measureTables, rejectRecords } from '@pipeline/control';
import { inTransaction, type Pool, type PoolClient, quoteIdent, sqlstate } from '@pipeline/postgres';
import { PipelineError, SEQ_LIMIT, sdcSequence } from '@pipeline/protocol';
import type { SchemaMessage } from '@pipeline/singer';
import {
  type RejectedRecord,
  type Table,
  TooManyRejected,
  type Warehouse,
  type WriteResult,
} from '@pipeline/warehouse';
import { type DatabaseWaitDeps, withDatabase } from './database/database-wait.ts';

export interface StreamCounts {
  loaded: number;
  rejected: number;
  sanitised: number;
  /** Records of an older version than the active one: left out. */
  stale: number;
}

export interface BatchNumber {
  epoch: number;
  seq: number;
}

export interface WrittenBatch {
  schema: SchemaMessage;
  lines: Buffer;
  number: BatchNumber;
  /** Records that were refused before they came here; they go to the quarantine with the batch. */
  invalid: RejectedRecord[];
  /** Records that PostgreSQL may refuse before the batch is left. */
  rejectedMax?: () => Promise<number>;
}

export interface BatchLoaderOptions {
  pool: Pool;
  warehouse: Warehouse;
  databaseSchema: string;
  runId: string;
  epoch: number;
  wait: DatabaseWaitDeps;
  tableChanged: 'refuse' | 'accept';
}

/** Tables that one transaction counts: it locks each with its indexes, and a server has room for 6,400 locks by default. */
const MEASURED_TOGETHER = 500;

const EMPTY: WriteResult = { loaded: 0, rejected: [], sanitised: 0, stale: 0 };
const NOTHING: StreamCounts = { loaded: 0, rejected: 0, sanitised: 0, stale: 0 };

/** Writes batches of this run, each in a transaction of its own, exactly once. */
export class BatchLoader {
  readonly #options: BatchLoaderOptions;
  readonly #checked = new Set<string>();
  #seq = 0;

  constructor(options: BatchLoaderOptions) {
    this.#options = options;
  }

  /** A number above those of every batch so far. Take it when the batch is cut: batches may be written in any order.
   *  @throws RangeError after 2^24 batches. */
  nextSequence(): BatchNumber {
    if (this.#seq >= SEQ_LIMIT) throw new RangeError(`a run has at most ${SEQ_LIMIT} batches: use larger ones`);
    return { epoch: this.#options.epoch, seq: this.#seq++ };
  }

  /** Makes the stream's table, so that it is there even if no record comes.
   *  @throws PipelineError `TABLE_CHANGED` for a table that is not what it was after the last run. */
  prepare(schema: SchemaMessage): Promise<Table> {
    const { wait, pool, warehouse, databaseSchema, tableChanged } = this.#options;
    return withDatabase(wait, `stream ${schema.stream}`, async () => {
      if (tableChanged === 'refuse' && !this.#checked.has(schema.stream)) {
        const change = await findChange(pool, { databaseSchema, stream: schema.stream }).catch(unlessUnknowable);
        if (change !== undefined) throw tableHasChanged(databaseSchema, schema.stream, change);
      }
      this.#checked.add(schema.stream);
      return warehouse.prepare(schema, { databaseSchema });
    });
  }

  /** These streams are whole: remembers what their tables are now, for the check of the next run. */
  async measure(streams: string[]): Promise<void> {
    const { wait, pool, databaseSchema } = this.#options;
    for (let at = 0; at < streams.length; at += MEASURED_TOGETHER) {
      const some = { databaseSchema, streams: streams.slice(at, at + MEASURED_TOGETHER) };
      await withDatabase(wait, 'the end of the run', () => measureTables(pool, some));
    }
  }

  /** @throws TooManyRejected when PostgreSQL refuses more than the batch may have: those are in the quarantine, the others are not written. */
  load(written: WrittenBatch): Promise<StreamCounts> {
    const { wait, pool, warehouse } = this.#options;
    const { schema, lines, number, invalid, rejectedMax } = written;
    const batch = {
      sequence: sdcSequence(number.epoch, number.seq),
      receivedAt: new Date(),
      ...(rejectedMax === undefined ? {} : { rejectedMax }),
    };
    return withDatabase(wait, `stream ${schema.stream}`, async (attempt) => {
      const table = await this.prepare(schema);
      try {
        return await inTransaction(pool, async (client) => {
          // The response to the last COMMIT may have been lost. With a key, writing twice changes nothing.
          if (attempt > 0 && table.keyColumns.length === 0 && (await this.#isWritten(client, table, number)))
            return NOTHING;
          const { loaded, rejected, sanitised, stale } =
            lines.length === 0 ? EMPTY : await warehouse.write(client, table, lines, batch);
          await this.#quarantine(client, written, [...rejected, ...invalid]);
          return { loaded, rejected: rejected.length + invalid.length, sanitised, stale };
        });
      } catch (error) {
        if (error instanceof TooManyRejected) {
          await inTransaction(pool, (client) => this.#quarantine(client, written, [...error.rejected, ...invalid]));
        }
        throw error;
      }
    });
  }

  /** Whether this run has written records of the version. */
  async hasVersion(schema: SchemaMessage, version: string): Promise<boolean> {
    const table = await this.prepare(schema);
    const { rows } = await this.#options.pool.query<{ has_version: boolean }>(
      `select exists (select from ${nameOf(table)} where _sdc_table_version = $1 and _sdc_sequence >= $2) as has_version`,
      [version, String(this.#firstSequence)],
    );
    return rows[0]?.has_version === true;
  }

  activateVersion(stream: string, version: string): Promise<'activated' | 'stale'> {
    const { epoch, seq } = this.nextSequence();
    const { wait, pool, warehouse, databaseSchema } = this.#options;
    const activation = {
      databaseSchema,
      stream,
      version,
      sequence: sdcSequence(epoch, seq),
      // What this run brought without a version belongs to the one that it activates.
      ownFrom: this.#firstSequence,
    };
    return withDatabase(wait, `stream ${stream}`, async () => {
      const result = await inTransaction(pool, (client) => warehouse.activateVersion(client, activation));
      return result.outcome;
    });
  }

  get #firstSequence(): bigint {
    return sdcSequence(this.#options.epoch, 0);
  }

  async #quarantine(
    client: PoolClient,
    { schema: { stream }, number }: WrittenBatch,
    rejected: RejectedRecord[],
  ): Promise<void> {
    const { runId } = this.#options;
    await rejectRecords(
      client,
      rejected.map((record) => ({ ...record, pipeline: 'target-postgres', stream, runId, ...number })),
    );
  }

  async #isWritten(client: PoolClient, table: Table, number: BatchNumber): Promise<boolean> {
    if (await hasRejected(client, number)) return true;
    const { rows } = await client.query<{ is_written: boolean }>(
      `select exists (select from ${nameOf(table)} where _sdc_sequence = $1) as is_written`,
      [String(sdcSequence(number.epoch, number.seq))],
    );
    return rows[0]?.is_written === true;
  }
}

const UNTRANSLATABLE = '22P05';

/** No table is known under a name that the encoding of the database lacks: {@link Warehouse.prepare} refuses it with its remedy. */
function unlessUnknowable(error: unknown): undefined {
  if (sqlstate(error) !== UNTRANSLATABLE) throw error;
}

function nameOf(table: Table): string {
  return `${quoteIdent(table.databaseSchema)}.${quoteIdent(table.name)}`;
}

function tableHasChanged(databaseSchema: string, stream: string, change: string): PipelineError {
  return new PipelineError({
    code: 'TABLE_CHANGED',
    recovery: 'fix-config',
    message:
      `stream ${stream}: its table in schema ${databaseSchema} is not what it was after the last run: ${change}. The STATE of the tap says that ` +
      `its rows are there, so they would stay away: drop the bookmark of stream ${stream} from the tap's state, and run once with "table_changed": "accept"`,
    context: { stream },
  });
}
