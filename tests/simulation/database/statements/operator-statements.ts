import * as pipelines from '../../../../libs/control/src/cycle/pipelines.sql.ts';
import * as audit from '../../../../libs/control/src/operate/audit.sql.ts';
import * as operate from '../../../../libs/control/src/operate/operate.sql.ts';
import * as liveTask from '../../../../libs/control/src/task/live-task.sql.ts';
import { isLive } from '../schema.ts';
import type { Meanings } from '../statement.ts';
import { num, text } from './value.ts';

export const operatorStatements: Meanings = {
  [operate.lockPipelineStreams.name]: ({ transaction, tables, values, lock }) =>
    transaction.selectFor(tables.pipelines, ({ name }) => name === values[0], lock),

  [liveTask.selectLiveTaskOfStream.name]: ({ transaction, tables, values }) =>
    transaction
      .select(
        tables.tasks,
        ({ pipeline, stream, status }) => pipeline === values[0] && stream === values[1] && isLive(status),
      )
      .map(seen),

  [liveTask.selectLiveTasksOfRun.name]: ({ transaction, tables, values }) =>
    transaction.select(tables.tasks, ({ run_id, status }) => run_id === values[0] && isLive(status)).map(seen),

  [liveTask.lockLiveTask.name]: ({ transaction, tables, values, lock }) => {
    const expected = values[1] === null ? null : num(values[1]);
    return transaction
      .selectFor(
        tables.tasks,
        ({ id, status, current_epoch }) => id === values[0] && isLive(status) && current_epoch === expected,
        lock,
      )
      .map(seen);
  },

  [audit.insertAudit.name]: () => [],

  [pipelines.requestPipeline.name]: ({ transaction, tables, values, now }) =>
    transaction.update(
      tables.pipelines,
      ({ name }) => name === values[0],
      ({ requested_at, requested_full_read, requested_mass_deletes }) => ({
        requested_at: requested_at ?? now,
        requested_full_read: requested_full_read || values[1] === true,
        requested_mass_deletes: requested_mass_deletes || values[2] === true,
      }),
    ),

  [operate.allowMassDeletes.name]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.tasks,
      ({ id }) => id === values[0],
      () => ({ mass_deletes: true }),
    ),

  [operate.lockRun.name]: ({ transaction, tables, values, lock }) =>
    transaction.selectFor(tables.runs, ({ id }) => id === values[0], lock),

  [liveTask.cancelTask.name]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.tasks,
      ({ id }) => id === values[0],
      () => ({ status: 'cancelled', error: text(values[1]), current_epoch: null }),
    ),

  [liveTask.interruptAttempt.name]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.attempts,
      ({ epoch, outcome }) => epoch === num(values[0]) && outcome === null,
      () => ({ outcome: 'interrupted', error: text(values[1]) }),
    ),
};

function seen({ id, current_epoch }: { id: string; current_epoch: number | null }): object {
  return { id, epoch: current_epoch === null ? null : String(current_epoch) };
}
