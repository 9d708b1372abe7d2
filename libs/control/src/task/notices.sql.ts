import { sql, statement } from '@pipeline/postgres';

const { text, uuid, int8 } = sql;

export const upsertNotice = statement({
  name: 'notice.upsert',
  text: `insert into pipeline.notices as n (run_id, stream, code, message)
         select $1, $2, $3, $4
         where (select count(*) from pipeline.notices where run_id = $1 and stream = $2) < $5
         on conflict (run_id, stream, code, message) do update set count = n.count + 1`,
  parameters: { runId: uuid, stream: text, code: text, message: text, limit: int8 },
});
