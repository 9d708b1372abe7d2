import { sql, statement } from '@pipeline/postgres';

const { text, texts, timestamptz, nullable } = sql;

/** Changes of tables within the last hour, by table: people's models may have to follow. What belongs to the making of a table is left out. */
export const selectFreshSchemaChanges = statement({
  name: 'incident.fresh_schema_changes',
  text: `select c.database_schema as "databaseSchema", c.table_name as "table", (array_agg(c.change order by c.id desc))[1] as change,
                (array_agg(c.to_type order by c.id desc))[1] as "toType", min(c.stream) as stream,
                coalesce(array_agg(distinct c.column_name order by c.column_name) filter (where c.column_name is not null), '{}') as columns,
                (select min(p.name) from pipeline.pipelines p
                 where pipeline.target_schema(p.name, min(c.stream), p.source) = c.database_schema) as pipeline, min(c.at) as since
         from (select * from pipeline.schema_changes order by id desc limit 1000) c
         where c.at > clock_timestamp() - interval '1 hour' and c.change in ('add_column', 'widen_column', 'drop_not_null', 'change_key')
           and not exists (
             select from pipeline.schema_changes made
             where made.database_schema = c.database_schema and made.stream = c.stream and made.change = 'create_table'
               and made.at between c.at - interval '10 minutes' and c.at)
         group by c.database_schema, c.table_name`,
  row: {
    databaseSchema: text,
    table: text,
    change: text,
    toType: nullable(text),
    stream: text,
    columns: texts,
    pipeline: nullable(text),
    since: timestamptz,
  },
});
