import { sql, statement } from '@pipeline/postgres';
import { attemptOutcome, taskStatus, UNDER_WAY } from '../status/index.ts';

const { text, uuid, bool, int4, int8, nullable, float8, oneOf } = sql;

/** What a command and an event say of a task. */
export const TASK = { id: uuid, run_id: uuid, pipeline: text, source: text, stream: text };

export const lockQueuedTask = statement({
  name: 'task.lock_queued',
  text: `select id, run_id, pipeline, source, stream, full_read from pipeline.tasks
         where id = $1 and ${taskStatus.is(['queued'])} for update`,
  parameters: { taskId: uuid },
  row: { ...TASK, full_read: bool },
});

export const insertAttempt = statement({
  name: 'attempt.insert',
  text: `insert into pipeline.attempts (epoch, task_id, pipeline, stream, full_read, claimed_by, lease_until)
         values (nextval('pipeline.epoch_seq'), $1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6))
         returning epoch::text, to_char(started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as started_at`,
  parameters: { taskId: uuid, pipeline: text, stream: text, fullRead: bool, claimedBy: text, leaseSeconds: float8 },
  row: { epoch: text, started_at: text },
});

export const nextEpoch = statement({
  name: 'epoch.next',
  text: `select nextval('pipeline.epoch_seq') as epoch`,
  row: { epoch: int8 },
});

const run = taskStatus.change(['queued'], ['running']);
export const startTask = statement({
  name: 'task.start',
  text: `update pipeline.tasks set ${run.set}, current_epoch = $2, attempts = attempts + 1, error = null, error_code = null where id = $1`,
  parameters: { taskId: uuid, epoch: int8 },
});

export const renewAttempt = statement({
  name: 'attempt.renew_lease',
  text: `update pipeline.attempts set lease_until = clock_timestamp() + make_interval(secs => $2)
         where epoch = $1 and outcome is null and lease_until > clock_timestamp()`,
  parameters: { epoch: int8, leaseSeconds: float8 },
});

export const markExtracted = statement({
  name: 'attempt.mark_extracted',
  text: 'update pipeline.attempts set extracted_at = clock_timestamp() where epoch = $1',
  parameters: { epoch: int8 },
});

const load = taskStatus.change(['running'], ['loading']);
export const beginLoading = statement({
  name: 'task.begin_loading',
  text: `update pipeline.tasks set ${load.set} where current_epoch = $1 and ${load.from}`,
  parameters: { epoch: int8 },
});

export const lockAttempts = statement({
  name: 'attempt.lock',
  text: 'select from pipeline.attempts where epoch = $1 for no key update',
  parameters: { epoch: int8 },
});

export const lockTaskUnderWay = statement({
  name: 'task.lock_under_way',
  text: `select attempts from pipeline.tasks where current_epoch = $1 and ${taskStatus.is(UNDER_WAY)} for update`,
  parameters: { epoch: int8 },
  row: { attempts: int4 },
});

const end = attemptOutcome.change(['none'], ['failed', 'interrupted']);
/** An attempt that has ended already keeps its outcome. */
export const endAttempt = statement({
  name: 'attempt.end',
  text: `update pipeline.attempts set outcome = $2, error = $3, error_code = $4, finished_at = clock_timestamp()
         where epoch = $1 and ${end.from}`,
  parameters: { epoch: int8, outcome: oneOf(end.to), error: text, code: nullable(text) },
});

const failUnderWay = taskStatus.change(UNDER_WAY, ['failed']);
export const failTaskOfEpoch = statement({
  name: 'task.fail_of_epoch',
  text: `update pipeline.tasks t set ${failUnderWay.set}, error = $2, error_code = $3, current_epoch = null, finished_at = clock_timestamp()
         from pipeline.runs r where r.id = t.run_id and t.current_epoch = $1
         returning t.id, t.run_id, t.pipeline, t.source, t.stream, r.cycle_id`,
  parameters: { epoch: int8, error: text, code: nullable(text) },
  row: { ...TASK, cycle_id: uuid },
});

const failQueued = taskStatus.change(['queued'], ['failed']);
export const failQueuedTask = statement({
  name: 'task.fail_queued',
  text: `update pipeline.tasks t set ${failQueued.set}, error = $2, error_code = $3, current_epoch = null, finished_at = clock_timestamp()
         from pipeline.runs r where r.id = t.run_id and t.id = $1 and ${taskStatus.is(['queued'], 't.')}
         returning t.id, t.run_id, t.pipeline, t.source, t.stream, r.cycle_id`,
  parameters: { taskId: uuid, error: text, code: nullable(text) },
  row: { ...TASK, cycle_id: uuid },
});

const requeue = taskStatus.change(UNDER_WAY, ['queued']);
export const requeueTask = statement({
  name: 'task.requeue',
  text: `update pipeline.tasks
         set ${requeue.set}, current_epoch = null, error = $2, error_code = $4, queued_at = clock_timestamp(), command_sent_at = clock_timestamp(),
             attempts = attempts - $3
         where current_epoch = $1 and ${requeue.from}
         returning id, run_id, pipeline, source, stream`,
  parameters: { epoch: int8, error: text, uncounted: int4, code: nullable(text) },
  row: TASK,
});
