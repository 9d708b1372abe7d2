import { isUnderWay } from '../schema.ts';
import type { Meanings } from '../statement.ts';
import { num, seconds, text } from './value.ts';

/** libs/control/src/task */
export const taskStatements: Meanings = {
  [`select id, run_id, pipeline, source, stream, full_read from pipeline.tasks where id = $1 and status = 'queued' for update`]:
    ({ transaction, tables, values, lock }) =>
      transaction.selectFor(tables.tasks, ({ id, status }) => id === values[0] && status === 'queued', lock),

  [`insert into pipeline.attempts (epoch, task_id, pipeline, stream, full_read, claimed_by, lease_until)
    values (nextval('pipeline.epoch_seq'), $1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6))
    returning epoch::text, to_char(started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as started_at`]: ({
    transaction,
    tables,
    values,
    now,
    next,
  }) => {
    const { epoch } = transaction.insert(tables.attempts, {
      epoch: next(),
      task_id: text(values[0]),
      pipeline: text(values[1]),
      stream: text(values[2]),
      lease_until: now + seconds(values[5]),
      extracted_at: null,
      watermark: -1,
      applied_seq: -1,
      progress_at: now,
      outcome: null,
      error: null,
      cleaned: false,
    });
    return [{ epoch: String(epoch), started_at: new Date(now).toISOString() }];
  },

  [`update pipeline.tasks set status = 'running', current_epoch = $2, attempts = attempts + 1, error = null where id = $1`]:
    ({ transaction, tables, values }) =>
      transaction.update(
        tables.tasks,
        ({ id }) => id === values[0],
        ({ attempts }) => {
          return { status: 'running', current_epoch: num(values[1]), attempts: attempts + 1, error: null };
        },
      ),

  [`update pipeline.attempts set cleaned = true, outcome = coalesce(outcome, 'superseded'),
      finished_at = coalesce(finished_at, clock_timestamp())
    where pipeline = $1 and stream = $2 and epoch < $3 and not cleaned returning epoch::text, applied_seq`]: ({
    transaction,
    tables,
    values,
  }) =>
    transaction
      .update(
        tables.attempts,
        ({ pipeline, stream, epoch, cleaned }) =>
          pipeline === values[0] && stream === values[1] && epoch < num(values[2]) && !cleaned,
        ({ outcome }) => ({ cleaned: true, outcome: outcome ?? 'superseded' }),
      )
      .map(({ epoch, applied_seq }) => ({ epoch: String(epoch), applied_seq })),

  [`select distinct t.database_schema, t.table_name from pipeline.ledger l join pipeline.attempts a using (epoch)
    join pipeline.tasks k on k.id = a.task_id
    join pipeline.target_tables t on t.database_schema = k.source and t.stream = l.stream
    where l.epoch = $1 and not t.has_key`]: ({ transaction, tables, values }) => {
    const batches = transaction.select(tables.ledger, ({ epoch }) => epoch === num(values[0]));
    const keyless = batches.filter(({ stream }) => tables.target(stream).unique.length === 0);
    return [...new Set(keyless.map(({ stream }) => stream))].map((stream) => {
      return { database_schema: 'sim', table_name: stream };
    });
  },

  'delete from "sim"."events" where _sdc_sequence > $1 and _sdc_sequence < $2': ({ transaction, tables, values }) =>
    transaction.remove(
      tables.target('events'),
      ({ sequence }) => sequence > num(values[0]) && sequence < num(values[1]),
    ),

  'delete from pipeline.rejected_records where epoch = $1 and seq > $2': () => [],

  [`update pipeline.attempts set lease_until = clock_timestamp() + make_interval(secs => $2)
    where epoch = $1 and outcome is null and lease_until > clock_timestamp()`]: ({
    transaction,
    tables,
    values,
    now,
  }) =>
    transaction.update(
      tables.attempts,
      ({ epoch, outcome, lease_until }) => epoch === num(values[0]) && outcome === null && lease_until > now,
      () => ({ lease_until: now + seconds(values[1]) }),
    ),

  'update pipeline.attempts set extracted_at = clock_timestamp() where epoch = $1': ({
    transaction,
    tables,
    values,
    now,
  }) =>
    transaction.update(
      tables.attempts,
      ({ epoch }) => epoch === num(values[0]),
      () => ({ extracted_at: now }),
    ),

  [`update pipeline.tasks set status = 'loading' where current_epoch = $1 and status = 'running'`]: ({
    transaction,
    tables,
    values,
  }) =>
    transaction.update(
      tables.tasks,
      ({ current_epoch, status }) => current_epoch === num(values[0]) && status === 'running',
      () => ({ status: 'loading' }),
    ),

  [`select attempts from pipeline.tasks where current_epoch = $1 and status in ('running', 'loading') for update`]: ({
    transaction,
    tables,
    values,
    lock,
  }) =>
    transaction.selectFor(
      tables.tasks,
      ({ current_epoch, status }) => current_epoch === num(values[0]) && isUnderWay(status),
      lock,
    ),

  [`update pipeline.attempts set outcome = 'failed', error = $2, finished_at = clock_timestamp()
    where epoch = $1 and outcome is null`]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.attempts,
      ({ epoch, outcome }) => epoch === num(values[0]) && outcome === null,
      () => ({ outcome: 'failed', error: text(values[1]) }),
    ),

  'select from pipeline.attempts where epoch = $1 for no key update': ({ transaction, tables, values, lock }) =>
    transaction.selectFor(tables.attempts, ({ epoch }) => epoch === num(values[0]), lock),

  ...failures('t.current_epoch = $1', (task, value) => task.current_epoch === num(value)),
  ...failures(`t.id = $1 and t.status = 'queued'`, (task, value) => task.id === value && task.status === 'queued'),

  [`update pipeline.tasks set status = 'queued', current_epoch = null, error = $2, queued_at = clock_timestamp(),
      command_sent_at = clock_timestamp(), attempts = attempts - $3
    where current_epoch = $1 and status in ('running', 'loading')
    returning id, run_id, pipeline, source, stream, full_read`]: ({ transaction, tables, values, now }) =>
    transaction.update(
      tables.tasks,
      ({ current_epoch, status }) => current_epoch === num(values[0]) && isUnderWay(status),
      ({ attempts }) => ({
        status: 'queued',
        current_epoch: null,
        error: text(values[1]),
        queued_at: now,
        command_sent_at: now,
        attempts: attempts - num(values[2]),
      }),
    ),

  [`update pipeline.attempts set outcome = $2, error = $3, finished_at = clock_timestamp()
    where epoch = $1 and outcome is null`]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.attempts,
      ({ epoch, outcome }) => epoch === num(values[0]) && outcome === null,
      () => ({ outcome: text(values[1]), error: text(values[2]) }),
    ),
};

function failures(
  condition: string,
  isMeant: (task: { id: string; current_epoch: number | null; status: string }, value: unknown) => boolean,
): Meanings {
  const statement = `update pipeline.tasks t set status = 'failed', error = $2, current_epoch = null, finished_at = clock_timestamp()
    from pipeline.runs r where r.id = t.run_id and ${condition}
    returning t.id, t.run_id, t.pipeline, t.source, t.stream, r.cycle_id`;
  return {
    [statement]: ({ transaction, tables, values }) =>
      transaction
        .update(
          tables.tasks,
          (task) => isMeant(task, values[0]),
          () => ({ status: 'failed', error: text(values[1]), current_epoch: null }),
        )
        .map((task) => {
          const [run] = transaction.select(tables.runs, ({ id }) => id === task.run_id);
          return { ...task, cycle_id: run?.cycle_id };
        }),
  };
}
