import { sql, statement } from '@pipeline/postgres';
import { attemptOutcome, taskStatus, UNDER_WAY, WHOLE } from '../status/index.ts';

const { text, uuid, bool, int4, int8, jsonb, nullable, oneOf } = sql;

export const selectLiveEpochs = statement({
  name: 'finalise.select_live_epochs',
  text: 'select epoch::text from pipeline.attempts where outcome is null order by epoch',
  row: { epoch: text },
});

export const lockLiveAttempt = statement({
  name: 'finalise.lock_live_attempt',
  text: 'select from pipeline.attempts where epoch = $1 and outcome is null for no key update',
  parameters: { epoch: int8 },
});

export const selectAttempt = statement({
  name: 'finalise.select_attempt',
  text: `select a.epoch::text, a.task_id, t.run_id, r.cycle_id, t.pipeline, t.source, t.stream,
                a.watermark, a.applied_seq, m.manifest, t.mass_deletes
         from pipeline.attempts a
         join pipeline.tasks t on t.id = a.task_id and t.current_epoch = a.epoch
         join pipeline.runs r on r.id = t.run_id
         left join pipeline.manifests m on m.epoch = a.epoch
         where a.epoch = $1 for share of t`,
  parameters: { epoch: int8 },
  row: {
    epoch: text,
    task_id: uuid,
    run_id: uuid,
    cycle_id: uuid,
    pipeline: text,
    source: text,
    stream: text,
    watermark: int4,
    applied_seq: int4,
    manifest: nullable(jsonb()),
    mass_deletes: bool,
  },
});

/** The ledger's rows beyond the watermark, as far as they have no gap. */
export const selectWatermark = statement({
  name: 'finalise.select_watermark',
  text: `select max(seq) as watermark
         from (select seq, row_number() over (order by seq) as n from pipeline.ledger where epoch = $1 and seq > $2) beyond
         where seq = $2 + n`,
  parameters: { epoch: int8, watermark: int4 },
  row: { watermark: nullable(int4) },
});

export const updateWatermark = statement({
  name: 'finalise.update_watermark',
  text: 'update pipeline.attempts set watermark = $2, progress_at = clock_timestamp() where epoch = $1',
  parameters: { epoch: int8, watermark: int4 },
});

export const updateDeleted = statement({
  name: 'finalise.update_deleted',
  text: 'update pipeline.attempts set deleted = $2 where epoch = $1',
  parameters: { epoch: int8, deleted: int8 },
});

export const selectUncertainStreams = statement({
  name: 'finalise.select_uncertain_streams',
  text: `select stream from pipeline.ledger where epoch = $1 and rejected > 0
         union select stream from pipeline.rejected_records where epoch = $1`,
  parameters: { epoch: int8 },
  row: { stream: text },
});

export const selectSkipped = statement({
  name: 'finalise.select_skipped',
  text: 'select from pipeline.ledger where epoch = $1 and skipped limit 1',
  parameters: { epoch: int8 },
});

export const sumRows = statement({
  name: 'finalise.sum_rows',
  // An operator who gives up a batch knows that its rows are missing.
  text: `select stream, sum(rows) as rows, coalesce(sum(rejected) filter (where not skipped), 0) as rejected
         from pipeline.ledger where epoch = $1 group by stream`,
  parameters: { epoch: int8 },
  row: { stream: text, rows: int8, rejected: int8 },
});

export const selectCheckpoint = statement({
  name: 'finalise.select_checkpoint',
  text: `select seq, value::text from pipeline.checkpoints where epoch = $1 and seq > $2 and seq <= $3
         order by seq desc limit 1`,
  parameters: { epoch: int8, appliedSeq: int4, watermark: int4 },
  row: { seq: int4, value: text },
});

export const updateAppliedSeq = statement({
  name: 'finalise.update_applied_seq',
  text: 'update pipeline.attempts set applied_seq = $2 where epoch = $1',
  parameters: { epoch: int8, seq: int4 },
});

const endAttempt = attemptOutcome.change(['none'], WHOLE);
export const endWholeAttempt = statement({
  name: 'finalise.end_attempt',
  text: 'update pipeline.attempts set outcome = $2, cleaned = $3, error = $4, error_code = $5, finished_at = clock_timestamp() where epoch = $1',
  parameters: {
    epoch: int8,
    outcome: oneOf(endAttempt.to),
    cleaned: bool,
    reason: nullable(text),
    code: nullable(text),
  },
});

const endTask = taskStatus.change(UNDER_WAY, WHOLE);
export const endWholeTask = statement({
  name: 'finalise.end_task',
  text: 'update pipeline.tasks set status = $2, error = $4, error_code = $5, finished_at = clock_timestamp() where id = $1 and current_epoch = $3',
  parameters: { taskId: uuid, status: oneOf(endTask.to), epoch: int8, reason: nullable(text), code: nullable(text) },
});
