import { quoteIdent, quoteLiteral, sql, statement } from '@pipeline/postgres';

const { text } = sql;

export const selectHeader = statement({
  name: 'backup.select_header',
  text: `select json_build_object('format', $1::text, 'takenAt', clock_timestamp(), 'epoch', (select last_value from pipeline.epoch_seq)::text,
                                  'migration', (select name from pipeline.schema_migrations order by version desc limit 1))::text as line`,
  parameters: { format: text },
  row: { line: text },
});

/** SQL of a cursor over a table's rows as lines of JSON: a table's name is no parameter. */
export const declareRows = (table: string): string => `declare backup_rows no scroll cursor for
  select json_build_object('table', ${quoteLiteral(table)}::text, 'row', to_jsonb(t))::text as line from pipeline.${quoteIdent(table)} t`;
