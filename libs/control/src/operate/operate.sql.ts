import { sql, statement } from '@pipeline/postgres';
import type { PipelineStreams } from '../cycle/pipeline-streams.ts';
import { runStatus } from '../status/index.ts';

const { text, uuid, bool, jsonb, oneOf } = sql;

export const lockRun = statement({
  name: 'operate.lock_run',
  text: 'select status from pipeline.runs where id = $1 for no key update',
  parameters: { runId: uuid },
  row: { status: oneOf(runStatus.all) },
});

export const lockPipelineStreams = statement({
  name: 'operate.lock_pipeline',
  text: 'select streams, paused from pipeline.pipelines where name = $1 for no key update',
  parameters: { pipeline: text },
  row: { streams: jsonb<PipelineStreams[]>(), paused: bool },
});

export const allowMassDeletes = statement({
  name: 'operate.allow_mass_deletes',
  text: 'update pipeline.tasks set mass_deletes = true where id = $1',
  parameters: { taskId: uuid },
});

export const selectKeylessTable = statement({
  name: 'operate.select_keyless_table',
  text: `select from pipeline.target_tables t join pipeline.pipelines p on p.source = t.database_schema
         where p.name = $1 and t.stream = $2 and not t.has_key`,
  parameters: { pipeline: text, stream: text },
});
