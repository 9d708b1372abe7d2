import { sql, statement } from '@pipeline/postgres';

const { text, neverNull } = sql;

export const selectSchema = statement({
  name: 'stream_target.select_schema',
  text: 'select pipeline.target_schema($1, $2, $3) as database_schema',
  parameters: { pipeline: text, stream: text, source: text },
  row: { database_schema: neverNull(text) },
});

export const setSchema = statement({
  name: 'stream_target.set_schema',
  text: `insert into pipeline.stream_targets (pipeline, stream, database_schema) values ($1, $2, $3)
         on conflict (pipeline, stream) do update set database_schema = excluded.database_schema
         where stream_targets.database_schema <> excluded.database_schema`,
  parameters: { pipeline: text, stream: text, databaseSchema: text },
});

export const removeSchema = statement({
  name: 'stream_target.remove_schema',
  text: 'delete from pipeline.stream_targets where pipeline = $1 and stream = $2',
  parameters: { pipeline: text, stream: text },
});
