import { sql, statement } from '@pipeline/postgres';
import { attemptOutcome } from '../status/index.ts';

const { text, bool, int4, int8 } = sql;

const supersede = attemptOutcome.change(['none'], ['superseded']);
export const cleanAttempts = statement({
  name: 'leftovers.clean_attempts',
  text: `update pipeline.attempts
         set cleaned = true,
             outcome = coalesce(outcome, '${supersede.to[0]}'),
             finished_at = coalesce(finished_at, clock_timestamp())
         where pipeline = $1 and stream = $2 and epoch < $3 and not cleaned
         returning epoch::text, applied_seq`,
  parameters: { pipeline: text, stream: text, epoch: int8 },
  row: { epoch: text, applied_seq: int4 },
});

/** Rows in tables without a key: the function `pipeline.remove_late_rows` may delete them where the caller may not. */
export const removeLateRows = statement({
  name: 'leftovers.remove_late_rows',
  text: 'select pipeline.remove_late_rows($1, $2) is null as done',
  parameters: { epoch: int8, appliedSeq: int4 },
  row: { done: bool },
});

export const deleteLateRejects = statement({
  name: 'leftovers.delete_late_rejects',
  text: 'delete from pipeline.rejected_records where epoch = $1 and seq > $2',
  parameters: { epoch: int8, appliedSeq: int4 },
});
