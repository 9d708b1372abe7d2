import { sql, statement } from '@pipeline/postgres';

const { text, uuid, int4, int8 } = sql;

export const upsertNotice = statement({
  name: 'notice.upsert',
  text: `insert into pipeline.notices as n (run_id, stream, code, message)
         select $1, $2, $3, $4
         where (select count(*) from pipeline.notices where run_id = $1 and stream = $2) < $5
         on conflict (run_id, stream, code, message) do update set count = n.count + 1`,
  parameters: { runId: uuid, stream: text, code: text, message: text, limit: int8 },
});

export const selectNotices = statement({
  name: 'notice.select',
  text: `select stream, code, message, count from pipeline.notices where run_id = $1 order by stream, noticed_at, code, message`,
  parameters: { runId: uuid },
  row: { stream: text, code: text, message: text, count: int4 },
});
