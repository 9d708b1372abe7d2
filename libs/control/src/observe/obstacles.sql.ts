import { sql, statement } from '@pipeline/postgres';
import { FAILURES, type FailureName } from '@pipeline/protocol';

const { text, uuid, nullable, oneOf } = sql;

const kinds = Object.keys(FAILURES).filter((name): name is FailureName => name in FAILURES);

/** Another kind, or one that was over, begins anew. */
export const upsertObstacle = statement({
  name: 'obstacle.upsert',
  text: `insert into pipeline.obstacles as o (service, subject, kind, code, message, remedy, pipeline, stream, run_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (service, subject) do update
         set kind = excluded.kind, code = excluded.code, message = excluded.message, remedy = excluded.remedy,
             pipeline = excluded.pipeline, stream = excluded.stream, run_id = excluded.run_id, seen_at = clock_timestamp(),
             since = case when o.kind = excluded.kind and o.seen_at > clock_timestamp() - interval '1 minute' then o.since
                          else clock_timestamp() end`,
  parameters: {
    service: text,
    subject: text,
    kind: oneOf(kinds),
    code: nullable(text),
    message: text,
    remedy: text,
    pipeline: nullable(text),
    stream: nullable(text),
    runId: nullable(uuid),
  },
});

export const deleteObstacle = statement({
  name: 'obstacle.delete',
  text: 'delete from pipeline.obstacles where service = $1 and subject = $2',
  parameters: { service: text, subject: text },
});
