import type { Queryable } from '@pipeline/postgres';

/** What the catalog says about one table. */
export interface CatalogTable {
  oid: number;
  /** Differs as soon as a column has another name, type or place. */
  signature: string;
  columns: Map<string, { type: string; isNotNull: boolean }>;
  primaryKey: string[];
}

/** Undefined when there is no such table. */
export async function readCatalog(
  db: Queryable,
  databaseSchema: string,
  table: string,
): Promise<CatalogTable | undefined> {
  const { rows } = await db.query<{
    oid: number;
    signature: string;
    columns: { name: string; type: string; notNull: boolean }[];
    primary_key: string[];
  }>(
    `select c.oid, ${signatureOf('c.oid')} as signature,
       (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull)
                        order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
       array(select a.attname::text from pg_index i
             cross join unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
             join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
             where i.indrelid = c.oid and i.indisprimary order by k.place) as primary_key
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')`,
    [databaseSchema, table],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    oid: row.oid,
    signature: row.signature,
    columns: new Map(
      row.columns.map(({ name, type, notNull }) => [name, { type: shortType(type), isNotNull: notNull }]),
    ),
    primaryKey: row.primary_key,
  };
}

/** The table's {@link CatalogTable.signature} now. Empty when there is no such table. */
export async function readSignature(db: Queryable, oid: number): Promise<string> {
  const { rows } = await db.query<{ signature: string | null }>(`select ${signatureOf('$1::oid')} as signature`, [oid]);
  return rows[0]?.signature ?? '';
}

function signatureOf(oid: string): string {
  return `(select md5(string_agg(concat_ws(' ', attnum, atttypid, atttypmod, attname), ',' order by attnum))
    from pg_attribute where attrelid = ${oid} and attnum > 0 and not attisdropped)`;
}

function shortType(type: string): string {
  return type === 'timestamp with time zone' ? 'timestamptz' : type;
}
