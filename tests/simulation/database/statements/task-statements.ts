import { SEQ_LIMIT } from '@pipeline/protocol';
import * as identity from '../../../../libs/control/src/target/table-identity.sql.ts';
import * as leftovers from '../../../../libs/control/src/task/leftovers.sql.ts';
import * as tasks from '../../../../libs/control/src/task/tasks.sql.ts';
import { isUnderWay, type TargetRow, type TaskRow } from '../schema.ts';
import type { Meaning, Meanings } from '../statement.ts';
import { num, seconds, text } from './value.ts';

export const taskStatements: Meanings = {
  [tasks.lockQueuedTask.name]: ({ transaction, tables, values, lock }) =>
    transaction.selectFor(tables.tasks, ({ id, status }) => id === values[0] && status === 'queued', lock),

  // Nobody but the loaders touches the tables of the simulation.
  [identity.selectChangedTables.name]: () => [],
  [identity.measureTables.name]: () => [{ done: true }],

  [tasks.insertAttempt.name]: ({ transaction, tables, values, now, next }) => {
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

  [tasks.startTask.name]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.tasks,
      ({ id }) => id === values[0],
      ({ attempts }) => {
        return { status: 'running', current_epoch: num(values[1]), attempts: attempts + 1, error: null };
      },
    ),

  [leftovers.cleanAttempts.name]: ({ transaction, tables, values }) =>
    transaction
      .update(
        tables.attempts,
        ({ pipeline, stream, epoch, cleaned }) =>
          pipeline === values[0] && stream === values[1] && epoch < num(values[2]) && !cleaned,
        ({ outcome }) => ({ cleaned: true, outcome: outcome ?? 'superseded' }),
      )
      .map(({ epoch, applied_seq }) => ({ epoch: String(epoch), applied_seq })),

  [leftovers.removeLateRows.name]: ({ transaction, tables, values }) => {
    const first = num(values[0]) * SEQ_LIMIT;
    const batches = transaction.select(tables.ledger, ({ epoch }) => epoch === num(values[0]));
    for (const stream of new Set(batches.map((batch) => batch.stream))) {
      const target = tables.target(stream);
      if (target.unique.length > 0) continue;
      const isLate = ({ sequence }: TargetRow) => sequence > first + num(values[1]) && sequence < first + SEQ_LIMIT;
      transaction.remove(target, isLate);
    }
    return [{ done: true }];
  },

  [leftovers.deleteLateRejects.name]: () => [],

  [tasks.renewAttempt.name]: ({ transaction, tables, values, now }) =>
    transaction.update(
      tables.attempts,
      ({ epoch, outcome, lease_until }) => epoch === num(values[0]) && outcome === null && lease_until > now,
      () => ({ lease_until: now + seconds(values[1]) }),
    ),

  [tasks.markExtracted.name]: ({ transaction, tables, values, now }) =>
    transaction.update(
      tables.attempts,
      ({ epoch }) => epoch === num(values[0]),
      () => ({ extracted_at: now }),
    ),

  [tasks.beginLoading.name]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.tasks,
      ({ current_epoch, status }) => current_epoch === num(values[0]) && status === 'running',
      () => ({ status: 'loading' }),
    ),

  [tasks.lockTaskUnderWay.name]: ({ transaction, tables, values, lock }) =>
    transaction.selectFor(
      tables.tasks,
      ({ current_epoch, status }) => current_epoch === num(values[0]) && isUnderWay(status),
      lock,
    ),

  [tasks.lockAttempts.name]: ({ transaction, tables, values, lock }) =>
    transaction.selectFor(tables.attempts, ({ epoch }) => epoch === num(values[0]), lock),

  [tasks.failTaskOfEpoch.name]: failure((task, epoch) => task.current_epoch === num(epoch)),
  [tasks.failQueuedTask.name]: failure((task, id) => task.id === id && task.status === 'queued'),

  [tasks.requeueTask.name]: ({ transaction, tables, values, now }) =>
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

  [tasks.endAttempt.name]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.attempts,
      ({ epoch, outcome }) => epoch === num(values[0]) && outcome === null,
      () => ({ outcome: text(values[1]), error: text(values[2]) }),
    ),
};

function failure(isMeant: (task: TaskRow, value: unknown) => boolean): Meaning {
  return ({ transaction, tables, values }) =>
    transaction
      .update(
        tables.tasks,
        (task) => isMeant(task, values[0]),
        () => ({ status: 'failed', error: text(values[1]), current_epoch: null }),
      )
      .map((task) => {
        const [run] = transaction.select(tables.runs, ({ id }) => id === task.run_id);
        return { ...task, cycle_id: run?.cycle_id };
      });
}
