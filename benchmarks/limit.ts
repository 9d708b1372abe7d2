import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { copyFrom, inTransaction, type Pool, quoteIdent } from '@pipeline/postgres';
import type { Dataset } from './dataset.ts';
import { type Measurement, measure } from './measurement.ts';

const PIECE_BYTES = 1024 * 1024;

/** The limit: text that is ready for COPY, into the very table that the loader makes. */
export async function measureCopy(
  pool: Pool,
  table: string,
  columns: string[],
  dataset: Dataset,
): Promise<Measurement> {
  const client = await pool.connect();
  try {
    return await measure(async (watch) => {
      watch(process.pid);
      const input = createReadStream(dataset.copyFile, { highWaterMark: PIECE_BYTES });
      await pipeline(input, copyFrom(client, `copy ${table} (${columns.map(quoteIdent).join(', ')}) from stdin`));
    });
  } finally {
    client.release();
  }
}

/** What an upsert costs when the text is ready: COPY to a temporary table, then INSERT ... ON CONFLICT, on one connection. */
export async function measureReadyUpsert(
  pool: Pool,
  table: string,
  columns: string[],
  dataset: Dataset,
): Promise<Measurement> {
  const list = columns.map(quoteIdent).join(', ');
  const [key = '', ...others] = columns;
  const assignments = others.map((column) => `${quoteIdent(column)} = excluded.${quoteIdent(column)}`).join(', ');
  return measure(async (watch) => {
    watch(process.pid);
    await inTransaction(pool, async (client) => {
      await client.query(`create temporary table ready on commit drop as select ${list} from ${table} limit 0`);
      const input = createReadStream(dataset.copyFile, { highWaterMark: PIECE_BYTES });
      await pipeline(input, copyFrom(client, `copy ready (${list}) from stdin`));
      await client.query(
        `insert into ${table} (${list}) select ${list} from ready on conflict (${quoteIdent(key)}) do update set ${assignments}`,
      );
    });
  });
}
