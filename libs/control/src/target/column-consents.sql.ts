import { sql, statement } from '@pipeline/postgres';

const { text, texts, int4, nullable } = sql;

export const askForColumns = statement({
  name: 'column_consent.ask',
  text: `insert into pipeline.column_consents (pipeline, stream, wanted) values ($1, $2, $3)
         on conflict (pipeline, stream) do update set wanted = excluded.wanted, wanted_at = now()
         returning allowed`,
  parameters: { pipeline: text, stream: text, wanted: int4 },
  row: { allowed: nullable(int4) },
});

export const allowColumns = statement({
  name: 'column_consent.allow',
  text: `update pipeline.column_consents set allowed = wanted, allowed_by = $3, allowed_at = now()
         where pipeline = $1 and stream = any ($2) and wanted > coalesce(allowed, 0)
         returning stream, wanted as columns`,
  parameters: { pipeline: text, streams: texts, by: text },
  row: { stream: text, columns: int4 },
});
