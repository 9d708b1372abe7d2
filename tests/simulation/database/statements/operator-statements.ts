import { isLive } from '../schema.ts';
import type { Meanings } from '../statement.ts';
import { num, text } from './value.ts';

const COLUMNS = 'select id, current_epoch::text as epoch from pipeline.tasks where';
const LIVE = `status in ('queued', 'running', 'loading')`;

/** libs/control/src/operate, task/live-task.ts */
export const operatorStatements: Meanings = {
  'select streams, paused from pipeline.pipelines where name = $1 for no key update': ({
    transaction,
    tables,
    values,
    lock,
  }) => transaction.selectFor(tables.pipelines, ({ name }) => name === values[0], lock),

  [`${COLUMNS} pipeline = $1 and stream = $2 and ${LIVE} order by id`]: ({ transaction, tables, values }) =>
    transaction
      .select(
        tables.tasks,
        ({ pipeline, stream, status }) => pipeline === values[0] && stream === values[1] && isLive(status),
      )
      .map(seen),

  [`${COLUMNS} run_id = $1 and ${LIVE} order by id`]: ({ transaction, tables, values }) =>
    transaction.select(tables.tasks, ({ run_id, status }) => run_id === values[0] && isLive(status)).map(seen),

  [`${COLUMNS} id = $1 and ${LIVE} and current_epoch is not distinct from $2 for update`]: ({
    transaction,
    tables,
    values,
    lock,
  }) => {
    const expected = values[1] === null ? null : num(values[1]);
    return transaction
      .selectFor(
        tables.tasks,
        ({ id, status, current_epoch }) => id === values[0] && isLive(status) && current_epoch === expected,
        lock,
      )
      .map(seen);
  },

  'insert into pipeline.audit_log (actor, action, target, details) values ($1, $2, $3, $4)': () => [],

  [`update pipeline.pipelines
    set requested_at = coalesce(requested_at, clock_timestamp()), requested_full_read = requested_full_read or $2,
      requested_mass_deletes = requested_mass_deletes or $3
    where name = $1`]: ({ transaction, tables, values, now }) =>
    transaction.update(
      tables.pipelines,
      ({ name }) => name === values[0],
      ({ requested_at, requested_full_read, requested_mass_deletes }) => ({
        requested_at: requested_at ?? now,
        requested_full_read: requested_full_read || values[1] === true,
        requested_mass_deletes: requested_mass_deletes || values[2] === true,
      }),
    ),

  'update pipeline.tasks set mass_deletes = true where id = $1': ({ transaction, tables, values }) =>
    transaction.update(
      tables.tasks,
      ({ id }) => id === values[0],
      () => ({ mass_deletes: true }),
    ),

  'select status from pipeline.runs where id = $1 for no key update': ({ transaction, tables, values, lock }) =>
    transaction.selectFor(tables.runs, ({ id }) => id === values[0], lock),

  [`update pipeline.tasks set status = 'cancelled', error = $2, current_epoch = null, finished_at = clock_timestamp()
    where id = $1`]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.tasks,
      ({ id }) => id === values[0],
      () => ({ status: 'cancelled', error: text(values[1]), current_epoch: null }),
    ),

  [`update pipeline.attempts set outcome = 'interrupted', error = $2, finished_at = clock_timestamp()
    where epoch = $1 and outcome is null`]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.attempts,
      ({ epoch, outcome }) => epoch === num(values[0]) && outcome === null,
      () => ({ outcome: 'interrupted', error: text(values[1]) }),
    ),
};

function seen({ id, current_epoch }: { id: string; current_epoch: number | null }): object {
  return { id, epoch: current_epoch === null ? null : String(current_epoch) };
}
