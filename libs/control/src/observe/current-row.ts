import { type Pool, quoteIdent, sqlstate } from '@pipeline/postgres';
import * as statements from './current-row.sql.ts';
import { inReadOnly } from './read-only.ts';

/** SQLSTATE classes and codes that mean "this record has no row that can be shown": a value that the key's type or JSON refuses, a table or column that
 *  has gone meanwhile, a search that takes too long. */
const NO_ROW = /^(22...|42P01|42703|57014)$/;

/** The row that stands in the table under the key of a rejected record, as JSON text. Null: there is none, or its key cannot be read. */
export async function readCurrentRow(pool: Pool, id: string): Promise<string | null> {
  try {
    return await inReadOnly(pool, async (client) => {
      const key = await statements.selectRecordKey.all(client, { id });
      const [first] = key;
      if (first === undefined || key.some(({ value }) => value === null)) return null;
      const where = key.map(({ column, type }, index) => `${quoteIdent(column)} = $${index + 1}::${type}`);
      const { rows } = await client.query<{ row: string }>(
        `select row_to_json(t)::text as row from ${quoteIdent(first.databaseSchema)}.${quoteIdent(first.tableName)} t
         where ${where.join(' and ')} limit 1`,
        key.map(({ value }) => value),
      );
      return rows[0]?.row ?? null;
    });
  } catch (error) {
    if (NO_ROW.test(sqlstate(error) ?? '')) return null;
    throw error;
  }
}
