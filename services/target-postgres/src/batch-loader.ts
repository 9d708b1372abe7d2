import { setTimeout as sleep } from 'node:timers/promises';
import { PipelineError, SEQ_LIMIT, sdcSequence } from '@pipeline/contracts';
import { hasRejected, rejectRecords } from '@pipeline/control';
import { inTransaction, isTransient, type Pool, type PoolClient, quoteIdent } from '@pipeline/postgres';
import type { SchemaMessage } from '@pipeline/singer';
import type { Table, Warehouse } from '@pipeline/warehouse';

/** Between attempts while PostgreSQL is away; together about ten minutes. */
const RETRY_PAUSES_MS = [500, 1_000, 2_000, 5_000, 10_000, ...Array<number>(38).fill(15_000)];

export interface StreamCounts {
  loaded: number;
  rejected: number;
  sanitised: number;
}

/** Writes batches of this run, each in a transaction of its own, exactly once. */
export class BatchLoader {
  readonly #pool: Pool;
  readonly #warehouse: Warehouse;
  readonly #databaseSchema: string;
  readonly #runId: string;
  #epoch: number;
  #seq = 0;

  constructor(options: { pool: Pool; warehouse: Warehouse; databaseSchema: string; runId: string; epoch: number }) {
    this.#pool = options.pool;
    this.#warehouse = options.warehouse;
    this.#databaseSchema = options.databaseSchema;
    this.#runId = options.runId;
    this.#epoch = options.epoch;
  }

  /** A number above those of every batch so far. Take it when the batch is cut: batches may be written in any order.
   *  @throws RangeError after 2^24 batches. */
  nextSequence(): { epoch: number; seq: number } {
    if (this.#seq >= SEQ_LIMIT) throw new RangeError(`a run has at most ${SEQ_LIMIT} batches: use larger ones`);
    return { epoch: this.#epoch, seq: this.#seq++ };
  }

  /** Makes the stream's table, so that it is there even if no record comes. */
  async prepare(schema: SchemaMessage): Promise<Table> {
    return this.#retrying(() => this.#warehouse.prepare(schema, { databaseSchema: this.#databaseSchema }));
  }

  async load(schema: SchemaMessage, lines: Buffer, number: { epoch: number; seq: number }): Promise<StreamCounts> {
    const sequence = sdcSequence(number.epoch, number.seq);
    const receivedAt = new Date();
    return this.#retrying(async (attempt) => {
      const table = await this.#warehouse.prepare(schema, { databaseSchema: this.#databaseSchema });
      return inTransaction(this.#pool, async (client) => {
        // The answer to the last COMMIT may have been lost. With a key, writing twice changes nothing.
        if (attempt > 0 && table.keyColumns.length === 0 && (await this.#isWritten(client, table, number))) {
          return { loaded: 0, rejected: 0, sanitised: 0 };
        }
        const { loaded, rejected, sanitised } = await this.#warehouse.write(client, table, lines, {
          sequence,
          receivedAt,
        });
        await rejectRecords(
          client,
          rejected.map((record) => ({
            ...record,
            pipeline: 'target-postgres',
            stream: schema.stream,
            runId: this.#runId,
            ...number,
          })),
        );
        return { loaded, rejected: rejected.length, sanitised };
      });
    });
  }

  /** Whether this run has written records of the version. */
  async hasVersion(schema: SchemaMessage, version: string): Promise<boolean> {
    const table = await this.prepare(schema);
    const name = `${quoteIdent(table.databaseSchema)}.${quoteIdent(table.name)}`;
    const { rows } = await this.#pool.query<{ has_version: boolean }>(
      `select exists (select from ${name} where _sdc_table_version = $1 and _sdc_sequence >= $2) as has_version`,
      [version, String(sdcSequence(this.#epoch, 0))],
    );
    return rows[0]?.has_version === true;
  }

  async activateVersion(stream: string, version: string): Promise<'activated' | 'stale'> {
    const { epoch, seq } = this.nextSequence();
    const activation = { databaseSchema: this.#databaseSchema, stream, version, sequence: sdcSequence(epoch, seq) };
    const result = await this.#retrying(() =>
      inTransaction(this.#pool, (client) => this.#warehouse.activateVersion(client, activation)),
    );
    return result.outcome;
  }

  async #isWritten(client: PoolClient, table: Table, number: { epoch: number; seq: number }): Promise<boolean> {
    const name = `${quoteIdent(table.databaseSchema)}.${quoteIdent(table.name)}`;
    if (await hasRejected(client, number)) return true;
    const { rows } = await client.query<{ is_written: boolean }>(
      `select exists (select from ${name} where _sdc_sequence = $1) as is_written`,
      [String(sdcSequence(number.epoch, number.seq))],
    );
    return rows[0]?.is_written === true;
  }

  async #retrying<T>(work: (attempt: number) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work(attempt);
      } catch (error) {
        if (!isTransient(error)) throw error;
        const pause = RETRY_PAUSES_MS[attempt];
        if (pause === undefined) throw unavailable(error);
        await sleep(pause);
      }
    }
  }
}

function unavailable(cause: unknown): PipelineError {
  return new PipelineError({
    code: 'DATABASE_UNAVAILABLE',
    recovery: 'retry',
    message: 'PostgreSQL did not come back within ten minutes: run the tap again from the last STATE',
    cause,
  });
}
