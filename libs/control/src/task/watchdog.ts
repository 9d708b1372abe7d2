import { inTransaction, type Pool } from '@pipeline/postgres';
import { sendCommand } from '../cycle/outbox.ts';
import { PIPELINE_ALIVE_MS } from '../cycle/pipelines.ts';
import { endAttempt, failQueuedTask } from './tasks.ts';

export interface WatchdogLimits {
  /** A command that nobody claimed is sent again after this long: it was lost with the broker, or its tap is busy. */
  resendCommandMs: number;
  /** A queued task whose pipeline has no living tap fails after this long. */
  noTapMs: number;
  /** An attempt whose tap has finished, whose queue is empty and which makes no progress for this long has lost batches. */
  lostBatchesMs: number;
}

export const WATCHDOG_LIMITS: WatchdogLimits = { resendCommandMs: 60_000, noTapMs: 60_000, lostBatchesMs: 60_000 };

/** What the watchdog did, for the log: one line each. */
export interface Finding {
  pipeline: string;
  source: string;
  stream: string;
  message: string;
}

interface Row {
  id: string;
  epoch: string | null;
  run_id: string;
  pipeline: string;
  source: string;
  stream: string;
}

/** Attempts whose lease ran out: the tap died. A new attempt goes on from the last applied bookmark. */
export async function reapDeadLeases(pool: Pool): Promise<Finding[]> {
  const { rows } = await pool.query<Row>(
    `select t.id, a.epoch::text, t.run_id, t.pipeline, t.source, t.stream
     from pipeline.tasks t join pipeline.attempts a on a.epoch = t.current_epoch
     where t.status = 'running' and a.extracted_at is null and a.outcome is null and a.lease_until < clock_timestamp()`,
  );
  return endAll(pool, rows, 'the lease ran out: its tap stopped answering');
}

/** Attempts that wait for batches which no longer exist: the queue was purged, or the broker's disk is gone. One whose batches are all in
 *  the ledger only waits for its finaliser. A batch that a loader still holds unacked counts as lost too: it meets the fence. */
export async function reapLostBatches(
  pool: Pool,
  queueIsEmpty: (source: string) => Promise<boolean>,
  limits: WatchdogLimits = WATCHDOG_LIMITS,
): Promise<Finding[]> {
  const { rows } = await pool.query<Row>(
    `select t.id, a.epoch::text, t.run_id, t.pipeline, t.source, t.stream
     from pipeline.tasks t join pipeline.attempts a on a.epoch = t.current_epoch
     left join pipeline.manifests m on m.epoch = a.epoch
     where t.status = 'loading' and a.outcome is null
       and (select count(*) from pipeline.ledger l where l.epoch = a.epoch)
           is distinct from (m.manifest ->> 'lastSeq')::bigint + 1
       and greatest(a.progress_at, a.extracted_at,
                    (select max(l.loaded_at) from pipeline.ledger l where l.epoch = a.epoch))
           < clock_timestamp() - make_interval(secs => $1)`,
    [limits.lostBatchesMs / 1000],
  );
  const stuck: Row[] = [];
  for (const row of rows) if (await queueIsEmpty(row.source)) stuck.push(row);
  return endAll(pool, stuck, 'batches were lost: the queue is empty and the attempt has a gap');
}

async function endAll(pool: Pool, rows: Row[], reason: string): Promise<Finding[]> {
  for (const row of rows) {
    await inTransaction(pool, (client) => endAttempt(client, Number(row.epoch), reason, true));
  }
  return rows.map((row) => ({ pipeline: row.pipeline, source: row.source, stream: row.stream, message: reason }));
}

/** Queued tasks that nobody claims: the command is sent again, or the task fails when its pipeline has no living tap. A command that is still in
 *  the outbox waits for the broker: more of them would not help. */
export async function wakeQueuedTasks(pool: Pool, limits: WatchdogLimits = WATCHDOG_LIMITS): Promise<Finding[]> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<Row & { orphaned: boolean; stale: boolean }>(
      `select t.id, null as epoch, t.run_id, t.pipeline, t.source, t.stream,
              p.seen_at < clock_timestamp() - make_interval(secs => $1)
                and t.queued_at < clock_timestamp() - make_interval(secs => $2) as orphaned,
              t.command_sent_at < clock_timestamp() - make_interval(secs => $3)
                and not exists (select from pipeline.outbox o where o.published_at is null and o.body ->> 'taskId' = t.id::text) as stale
       from pipeline.tasks t join pipeline.pipelines p on p.name = t.pipeline
       where t.status = 'queued' for update of t skip locked`,
      [PIPELINE_ALIVE_MS / 1000, limits.noTapMs / 1000, limits.resendCommandMs / 1000],
    );
    const findings: Finding[] = [];
    for (const task of rows) {
      const subject = { pipeline: task.pipeline, source: task.source, stream: task.stream };
      if (task.orphaned) {
        const message = `no tap-${task.source} is alive: start one`;
        await failQueuedTask(client, task.id, message);
        findings.push({ ...subject, message });
      } else if (task.stale) {
        await client.query('update pipeline.tasks set command_sent_at = clock_timestamp() where id = $1', [task.id]);
        await sendCommand(client, {
          type: 'run',
          pipeline: task.pipeline,
          source: task.source,
          runId: task.run_id,
          taskId: task.id,
          stream: task.stream,
        });
        findings.push({ ...subject, message: 'nobody claimed the task: its command is sent again' });
      }
    }
    return findings;
  });
}
