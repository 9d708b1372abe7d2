import { sql, statement } from '@pipeline/postgres';
import { attemptOutcome, taskStatus } from '../status/index.ts';

const { text, uuid, int8, nullable } = sql;

const LIVE = taskStatus.is(taskStatus.live);
const SEEN = { id: uuid, epoch: nullable(text) };

export const selectLiveTaskOfStream = statement({
  name: 'live_task.select_of_stream',
  text: `select id, current_epoch::text as epoch from pipeline.tasks where pipeline = $1 and stream = $2 and ${LIVE} order by id`,
  parameters: { pipeline: text, stream: text },
  row: SEEN,
});

export const selectLiveTasksOfRun = statement({
  name: 'live_task.select_of_run',
  text: `select id, current_epoch::text as epoch from pipeline.tasks where run_id = $1 and ${LIVE} order by id`,
  parameters: { runId: uuid },
  row: SEEN,
});

export const lockLiveTask = statement({
  name: 'live_task.lock',
  text: `select id, current_epoch::text as epoch from pipeline.tasks
         where id = $1 and ${LIVE} and current_epoch is not distinct from $2 for update`,
  parameters: { taskId: uuid, epoch: nullable(int8) },
  row: SEEN,
});

const cancel = taskStatus.change(taskStatus.live, ['cancelled']);
export const cancelTask = statement({
  name: 'live_task.cancel',
  text: `update pipeline.tasks set ${cancel.set}, error = $2, current_epoch = null, finished_at = clock_timestamp() where id = $1`,
  parameters: { taskId: uuid, error: text },
});

const interrupt = attemptOutcome.change(['none'], ['interrupted']);
export const interruptAttempt = statement({
  name: 'live_task.interrupt_attempt',
  text: `update pipeline.attempts set ${interrupt.set}, error = $2, finished_at = clock_timestamp()
         where epoch = $1 and ${interrupt.from}`,
  parameters: { epoch: int8, error: text },
});
