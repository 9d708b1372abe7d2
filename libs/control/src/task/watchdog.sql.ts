import { sql, statement } from '@pipeline/postgres';
import { taskStatus } from '../status/index.ts';
import { TASK } from './tasks.sql.ts';

const { text, uuid, bool, float8 } = sql;

const LIVE_ATTEMPT = { epoch: text, pipeline: text, source: text, stream: text };

export const selectDeadLeases = statement({
  name: 'watchdog.dead_leases',
  text: `select a.epoch::text, t.pipeline, t.source, t.stream
         from pipeline.tasks t join pipeline.attempts a on a.epoch = t.current_epoch
         where ${taskStatus.is(['running'], 't.')} and a.extracted_at is null and a.outcome is null
           and a.lease_until < clock_timestamp()`,
  row: LIVE_ATTEMPT,
});

export const selectWithoutProgress = statement({
  name: 'watchdog.without_progress',
  text: `select a.epoch::text, t.pipeline, t.source, t.stream
         from pipeline.tasks t join pipeline.attempts a on a.epoch = t.current_epoch
         left join pipeline.manifests m on m.epoch = a.epoch
         where ${taskStatus.is(['loading'], 't.')} and a.outcome is null
           and (select count(*) from pipeline.ledger l where l.epoch = a.epoch)
               is distinct from (m.manifest ->> 'lastSeq')::bigint + 1
           and greatest(a.progress_at, a.extracted_at,
                        (select max(l.loaded_at) from pipeline.ledger l where l.epoch = a.epoch))
               < clock_timestamp() - make_interval(secs => $1)
           and not exists (select from pipeline.present_obstacles o where o.run_id = t.run_id and o.service = 'loader')`,
  parameters: { silentSeconds: float8 },
  row: LIVE_ATTEMPT,
});

export const lockQueuedTasks = statement({
  name: 'watchdog.lock_queued',
  text: `select t.id, t.run_id, t.pipeline, t.source, t.stream,
                p.seen_at < clock_timestamp() - make_interval(secs => $1)
                  and t.queued_at < clock_timestamp() - make_interval(secs => $2) as orphaned,
                t.command_sent_at < clock_timestamp() - make_interval(secs => $3)
                  and not exists (select from pipeline.outbox o where o.published_at is null and o.body ->> 'taskId' = t.id::text) as stale
         from pipeline.tasks t join pipeline.pipelines p on p.name = t.pipeline
         where ${taskStatus.is(['queued'], 't.')} for update of t skip locked`,
  parameters: { aliveSeconds: float8, noTapSeconds: float8, resendSeconds: float8 },
  row: { ...TASK, orphaned: bool, stale: bool },
});

export const markCommandSent = statement({
  name: 'watchdog.mark_command_sent',
  text: 'update pipeline.tasks set command_sent_at = clock_timestamp() where id = $1',
  parameters: { taskId: uuid },
});
