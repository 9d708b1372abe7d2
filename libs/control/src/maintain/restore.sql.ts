import { quoteIdent, quoteLiteral, sql, statement } from '@pipeline/postgres';

const { text, texts, int8 } = sql;

export const selectLivingLeader = statement({
  name: 'restore.select_living_leader',
  text: 'select from pipeline.leaders where lease_until > clock_timestamp()',
});

export const selectMigration = statement({
  name: 'restore.select_migration',
  text: 'select name from pipeline.schema_migrations order by version desc limit 1',
  row: { name: text },
});

export const selectWritableColumns = statement({
  name: 'restore.select_writable_columns',
  text: `select column_name::text as name from information_schema.columns
         where table_schema = 'pipeline' and table_name = $1::text and is_generated = 'NEVER' order by ordinal_position`,
  parameters: { table: text },
  row: { name: text },
});

export const advanceEpochs = statement({
  name: 'restore.advance_epochs',
  text: `select setval('pipeline.epoch_seq', greatest((select last_value from pipeline.epoch_seq), $1::bigint + $2::bigint)) as epoch`,
  parameters: { epoch: int8, skipped: int8 },
  row: { epoch: int8 },
});

export const selectIdentityColumns = statement({
  name: 'restore.select_identity_columns',
  text: `select table_name::text as table, column_name::text as column from information_schema.columns
         where table_schema = 'pipeline' and table_name = any($1::text[]) and is_identity = 'YES'`,
  parameters: { tables: texts },
  row: { table: text, column: text },
});

// Names of tables and columns are no parameters: the rest is SQL made of them.

const qualified = (table: string): string => `pipeline.${quoteIdent(table)}`;

/** Whether any of these tables has a row. */
export const selectIsUsed = (tables: readonly string[]): string =>
  `select ${tables.map((table) => `exists (select from ${qualified(table)})`).join(' or ')} as "isUsed"`;

export const truncate = (tables: readonly string[]): string => `truncate ${tables.map(qualified).join(', ')} cascade`;

/** `$1` is lines of a backup: they go in as they are. */
export function insertRows(table: string, columns: readonly string[]): string {
  const list = columns.map(quoteIdent).join(', ');
  return `insert into ${qualified(table)} (${list}) overriding system value
          select ${list} from unnest($1::text[]) line, jsonb_populate_record(null::${qualified(table)}, line::jsonb -> 'row')`;
}

/** Goes on behind the greatest number in the table. */
export function advanceSequence(table: string, column: string): string {
  const greatest = `max(${quoteIdent(column)})`;
  return `select setval(pg_get_serial_sequence(${quoteLiteral(qualified(table))}, ${quoteLiteral(column)}), coalesce(${greatest}, 1),
                        ${greatest} is not null) from ${qualified(table)}`;
}
