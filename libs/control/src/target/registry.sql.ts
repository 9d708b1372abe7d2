import { sql, statement } from '@pipeline/postgres';

const { text, texts, nullableTexts, int8, json, nullable } = sql;

export const selectTable = statement({
  name: 'registry.select_table',
  text: `select t.table_name as name, t.key_columns, t.active_version,
           (select json_object_agg(c.property, c.column_name) from pipeline.target_columns c
            where c.database_schema = $1 and c.stream = $2) as names,
           array(select o.table_name from pipeline.target_tables o
                 where o.database_schema = $1 and o.table_name = any($3) and o.stream <> $2) as others
         from (values (1)) as one left join pipeline.target_tables t on t.database_schema = $1 and t.stream = $2`,
  parameters: { databaseSchema: text, stream: text, candidates: texts },
  row: {
    name: nullable(text),
    key_columns: nullable(texts),
    active_version: nullable(int8),
    names: nullable(json<Record<string, string>>()),
    others: texts,
  },
  isRepeated: true,
});

/** Table, new columns and history in one go: a source may have thousands of streams. */
export const register = statement({
  name: 'registry.register',
  text: `with known as (
           insert into pipeline.target_tables (database_schema, stream, table_name, key_columns) values ($1, $2, $3, $4)
           on conflict (database_schema, stream) do update set key_columns = excluded.key_columns
           where target_tables.key_columns <> excluded.key_columns
         ), named as (
           insert into pipeline.target_columns (database_schema, stream, property, column_name)
           select $1, $2, * from unnest($5::text[], $6::text[])
         )
         insert into pipeline.schema_changes (database_schema, stream, table_name, column_name, change, from_type, to_type)
         select $1, $2, $3, * from unnest($7::text[], $8::text[], $9::text[], $10::text[])`,
  parameters: {
    databaseSchema: text,
    stream: text,
    table: text,
    keyColumns: texts,
    properties: texts,
    names: texts,
    columns: nullableTexts,
    changes: texts,
    from: nullableTexts,
    to: nullableTexts,
  },
  isRepeated: true,
});

/** No row is changed when a newer version is active. */
export const updateActiveVersion = statement({
  name: 'registry.update_active_version',
  text: `update pipeline.target_tables set active_version = $3
         where database_schema = $1 and stream = $2 and coalesce(active_version, $3) <= $3`,
  parameters: { databaseSchema: text, stream: text, version: int8 },
});
