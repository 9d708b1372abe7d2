import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { copyFrom, inTransaction, type Pool, type PoolClient, quoteIdent } from '@pipeline/postgres';
import type { Dataset } from './dataset.ts';
import { type Measurement, measure } from './measurement.ts';

const PIECE_BYTES = 1024 * 1024;

/** A table that takes the dataset's text as it is. */
export interface ReadyTable {
  pool: Pool;
  name: string;
  /** In the order of the text; the first one is the key. */
  columns: string[];
}

/** The limit: text that is ready for COPY. */
export function measureCopy(table: ReadyTable, dataset: Dataset): Promise<Measurement> {
  return measure(async (watch) => {
    watch(process.pid);
    await copyInto(table, dataset);
  });
}

export async function copyInto(table: ReadyTable, dataset: Dataset): Promise<void> {
  const client = await table.pool.connect();
  try {
    await copy(client, table.name, table.columns, dataset);
  } finally {
    client.release();
  }
}

/** What an upsert costs when the text is ready: COPY to a temporary table, then INSERT ... ON CONFLICT, on one connection. */
export function measureReadyUpsert({ pool, name, columns }: ReadyTable, dataset: Dataset): Promise<Measurement> {
  const list = quoted(columns);
  const [key = '', ...others] = columns;
  const assignments = others.map((column) => `${quoteIdent(column)} = excluded.${quoteIdent(column)}`).join(', ');
  return measure(async (watch) => {
    watch(process.pid);
    await inTransaction(pool, async (client) => {
      await client.query(`create temporary table ready on commit drop as select ${list} from ${name} limit 0`);
      await copy(client, 'ready', columns, dataset);
      await client.query(
        `insert into ${name} (${list}) select ${list} from ready on conflict (${quoteIdent(key)}) do update set ${assignments}`,
      );
    });
  });
}

async function copy(client: PoolClient, table: string, columns: string[], dataset: Dataset): Promise<void> {
  const input = createReadStream(dataset.copyFile, { highWaterMark: PIECE_BYTES });
  await pipeline(input, copyFrom(client, `copy ${table} (${quoted(columns)}) from stdin`));
}

function quoted(columns: string[]): string {
  return columns.map(quoteIdent).join(', ');
}
