import { sql, statement } from '@pipeline/postgres';
import { runStatus, taskStatus } from '../status/index.ts';
import type { PipelineStreams } from './pipeline-streams.ts';

const { text, texts, uuid, bool, int8, jsonb, nullable, oneOf } = sql;

export const lockPipeline = statement({
  name: 'run.lock_pipeline',
  text: `select name, source, streams, requested_full_read, requested_mass_deletes, requested_streams
         from pipeline.pipelines where name = $1 for update`,
  parameters: { name: text },
  row: {
    name: text,
    source: text,
    streams: jsonb<PipelineStreams[]>(),
    requested_full_read: bool,
    requested_mass_deletes: bool,
    // Null: all that are selected.
    requested_streams: nullable(texts),
  },
});

export const clearRequest = statement({
  name: 'run.clear_request',
  text: `update pipeline.pipelines set requested_at = null, requested_full_read = false, requested_mass_deletes = false,
           requested_streams = null
         where name = $1`,
  parameters: { name: text },
});

export const insertRun = statement({
  name: 'run.insert',
  text: 'insert into pipeline.runs (cycle_id, pipeline, source) values ($1, $2, $3) returning id',
  parameters: { cycleId: uuid, pipeline: text, source: text },
  row: { id: uuid },
});

export const insertTask = statement({
  name: 'run.insert_task',
  text: `insert into pipeline.tasks (run_id, pipeline, source, stream, full_read, mass_deletes)
         values ($1, $2, $3, $4, $5, $6) returning id`,
  parameters: { runId: uuid, pipeline: text, source: text, stream: text, fullRead: bool, massDeletes: bool },
  row: { id: uuid },
});

export const lockLiveRun = statement({
  name: 'run.lock_live',
  text: `select pipeline, source, cycle_id from pipeline.runs where id = $1 and ${runStatus.is(runStatus.live)} for update`,
  parameters: { runId: uuid },
  row: { pipeline: text, source: text, cycle_id: uuid },
});

export const countTasks = statement({
  name: 'run.count_tasks',
  text: `select count(*) filter (where ${taskStatus.is(taskStatus.live)}) as live,
           count(*) filter (where ${taskStatus.is(['failed'])}) as failed,
           count(*) filter (where ${taskStatus.is(['cancelled'])}) as cancelled,
           count(*) filter (where ${taskStatus.is(['incomplete'])}) as incomplete,
           string_agg(stream || ': ' || error, '; ' order by stream) filter (where ${taskStatus.is(['failed', 'incomplete'])}) as errors
         from pipeline.tasks where run_id = $1`,
  parameters: { runId: uuid },
  row: { live: int8, failed: int8, cancelled: int8, incomplete: int8, errors: nullable(text) },
});

const end = runStatus.change(['running'], ['loaded', 'incomplete', 'failed', 'cancelled']);
export const endRun = statement({
  name: 'run.end',
  text: 'update pipeline.runs set status = $2, error = $3, finished_at = clock_timestamp() where id = $1',
  parameters: { runId: uuid, status: oneOf(end.to), error: nullable(text) },
});
