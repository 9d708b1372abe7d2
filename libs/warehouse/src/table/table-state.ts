import { type PoolClient, type Queryable, repeated } from '@pipeline/postgres';

export interface CatalogColumn {
  type: string;
  /** The type below a domain, else the same. */
  baseType: string;
  isNotNull: boolean;
  /** PostgreSQL makes its values: a generated column, or an identity that takes none. */
  isComputed: boolean;
  /** An insert may leave it out. */
  hasDefault: boolean;
}

/** What the catalog says about one table. */
export interface CatalogTable {
  oid: number;
  /** `r` and `p` are tables. */
  kind: string;
  /** A rule rewrites statements on it: a COPY and an upsert would do different things. */
  hasRules: boolean;
  /** Differs as soon as a column has another name, type or place. */
  signature: string;
  columns: Map<string, CatalogColumn>;
  primaryKey: string[];
  /** Columns of every unique index that an upsert can use, also those of the primary key. */
  uniqueKeys: string[][];
}

const COLUMNS = `select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
    'baseType', case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) else format_type(a.atttypid, a.atttypmod) end,
    'isNotNull', a.attnotnull, 'isComputed', a.attgenerated <> '' or a.attidentity = 'a',
    'hasDefault', a.atthasdef or a.attidentity <> '') order by a.attnum)
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`;

/** Unique indexes on plain columns of all rows, checked at once: what `on conflict` takes. */
const UNIQUE_KEYS = `select json_agg(json_build_object('isPrimary', i.indisprimary, 'columns',
    (select json_agg(a.attname order by k.place) from unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum where k.place <= i.indnkeyatts)))
  from pg_index i where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate
    and i.indpred is null and i.indexprs is null`;

const SELECT_CATALOG = `select c.oid, c.relkind as kind, c.relhasrules as has_rules, ${signatureOf('c.oid')} as signature,
    (${COLUMNS}) as columns, (${UNIQUE_KEYS}) as unique_keys
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`;

/** Undefined when there is nothing of that name. */
export async function readCatalog(
  db: Queryable,
  databaseSchema: string,
  table: string,
): Promise<CatalogTable | undefined> {
  const { rows } = await db.query<{
    oid: number;
    kind: string;
    has_rules: boolean;
    signature: string;
    columns: (CatalogColumn & { name: string })[] | null;
    unique_keys: { isPrimary: boolean; columns: string[] }[] | null;
  }>(repeated(db, { name: 'warehouse.select_catalog', text: SELECT_CATALOG, values: [databaseSchema, table] }));
  const row = rows[0];
  if (row === undefined) return undefined;
  const keys = row.unique_keys ?? [];
  return {
    oid: row.oid,
    kind: row.kind,
    hasRules: row.has_rules,
    signature: row.signature,
    columns: new Map((row.columns ?? []).map((column) => [column.name, { ...column, type: shortType(column.type) }])),
    primaryKey: keys.find(({ isPrimary }) => isPrimary)?.columns ?? [],
    uniqueKeys: keys.map(({ columns }) => columns),
  };
}

/** Keeps the table from being changed until the transaction ends, and sets a savepoint.
 *  @returns the table's {@link CatalogTable.signature}, empty when it is another one by now. */
export async function holdTable(
  client: PoolClient,
  table: { target: string; oid: number },
  savepoint: string,
): Promise<string> {
  // In one go, for a small batch is mostly round trips. Several statements have several results.
  const results = [
    await client.query<{ signature?: string | null }>(
      `lock table ${table.target} in row exclusive mode; savepoint ${savepoint}; select ${signatureOf(String(table.oid))} as signature`,
    ),
  ].flat();
  return results.at(-1)?.rows[0]?.signature ?? '';
}

function signatureOf(oid: string): string {
  return `(select md5(string_agg(concat_ws(' ', attnum, atttypid, atttypmod, attname), ',' order by attnum))
    from pg_attribute where attrelid = ${oid} and attnum > 0 and not attisdropped)`;
}

function shortType(type: string): string {
  return type === 'timestamp with time zone' ? 'timestamptz' : type;
}
