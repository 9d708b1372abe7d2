import { sql, statement } from '@pipeline/postgres';
import { runStatus } from '../status/index.ts';

const { text, uuid, timestamptz, nullable, oneOf } = sql;

export const selectCycleOfRun = statement({
  name: 'trace.cycle_of_run',
  text: 'select cycle_id as "cycleId" from pipeline.runs where id = $1',
  parameters: { runId: uuid },
  row: { cycleId: uuid },
});

export const selectRunsOfCycle = statement({
  name: 'trace.runs_of_cycle',
  text: `select id, pipeline, source, status, error, started_at as "startedAt", finished_at as "finishedAt"
         from pipeline.runs where cycle_id = $1 order by started_at`,
  parameters: { cycleId: uuid },
  row: {
    id: uuid,
    pipeline: text,
    source: text,
    status: oneOf(runStatus.all),
    error: nullable(text),
    startedAt: timestamptz,
    finishedAt: nullable(timestamptz),
  },
});
