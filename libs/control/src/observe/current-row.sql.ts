import { sql, statement } from '@pipeline/postgres';

const { text, int8, nullable } = sql;

/** Of a rejected record: the columns of its table's key with the values that its RECORD line has for them. `json`, not `jsonb`: that would
 *  refuse the very texts that PostgreSQL cannot hold. */
export const selectRecordKey = statement({
  name: 'observe.record_key',
  text: `select t.database_schema as "databaseSchema", t.table_name as "tableName", k.column_name as "column",
                format_type(a.atttypid, a.atttypmod) as type, j.record::json #>> array['record', c.property] as value
         from pipeline.rejected_records j
         join pipeline.pipelines p on p.name = j.pipeline
         join pipeline.target_tables t on t.stream = j.stream and t.database_schema = pipeline.target_schema(j.pipeline, j.stream, p.source)
         cross join lateral unnest(t.key_columns) with ordinality as k(column_name, position)
         join pipeline.target_columns c on c.database_schema = t.database_schema and c.stream = t.stream and c.column_name = k.column_name
         join pg_attribute a on a.attrelid = to_regclass(format('%I.%I', t.database_schema, t.table_name)) and a.attname = k.column_name
         where j.id = $1 order by k.position`,
  parameters: { id: int8 },
  row: { databaseSchema: text, tableName: text, column: text, type: text, value: nullable(text) },
});
