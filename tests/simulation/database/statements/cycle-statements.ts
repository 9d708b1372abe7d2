import * as cycles from '../../../../libs/control/src/cycle/cycles.sql.ts';
import * as pipelines from '../../../../libs/control/src/cycle/pipelines.sql.ts';
import * as runs from '../../../../libs/control/src/cycle/runs.sql.ts';
import * as dbtReport from '../../../../libs/control/src/dbt/dbt-report.sql.ts';
import { isLive, type RunRow, type TaskRow } from '../schema.ts';
import type { Meanings } from '../statement.ts';
import { seconds, text, textOrNull, uuid } from './value.ts';

export const cycleStatements: Meanings = {
  [runs.lockPipeline.name]: ({ transaction, tables, values, lock }) =>
    transaction.selectFor(tables.pipelines, ({ name }) => name === values[0], lock),

  [runs.clearRequest.name]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.pipelines,
      ({ name }) => name === values[0],
      () => ({ requested_at: null, requested_full_read: false, requested_mass_deletes: false }),
    ),

  [runs.insertRun.name]: ({ transaction, tables, values, next }) => [
    transaction.insert(tables.runs, {
      id: uuid(next()),
      cycle_id: text(values[0]),
      pipeline: text(values[1]),
      source: text(values[2]),
      status: 'running',
      error: null,
    }),
  ],

  [runs.insertTask.name]: ({ transaction, tables, values, now, next }) => [
    transaction.insert(tables.tasks, {
      id: uuid(next()),
      run_id: text(values[0]),
      pipeline: text(values[1]),
      source: text(values[2]),
      stream: text(values[3]),
      status: 'queued',
      full_read: values[4] === true,
      mass_deletes: values[5] === true,
      current_epoch: null,
      attempts: 0,
      error: null,
      queued_at: now,
      command_sent_at: now,
    }),
  ],

  [runs.lockLiveRun.name]: ({ transaction, tables, values, lock }) =>
    transaction.selectFor(tables.runs, ({ id, status }) => id === values[0] && status === 'running', lock),

  [runs.countTasks.name]: ({ transaction, tables, values }) => {
    const tasks = transaction.select(tables.tasks, ({ run_id }) => run_id === values[0]);
    const count = (isMeant: (task: TaskRow) => boolean) => String(tasks.filter(isMeant).length);
    const errors = tasks
      .filter(({ status, error }) => (status === 'failed' || status === 'incomplete') && error !== null)
      .map(({ stream, error }) => `${stream}: ${error}`);
    return [
      {
        live: count(({ status }) => isLive(status)),
        failed: count(({ status }) => status === 'failed'),
        cancelled: count(({ status }) => status === 'cancelled'),
        incomplete: count(({ status }) => status === 'incomplete'),
        errors: errors.length === 0 ? null : errors.sort().join('; '),
      },
    ];
  },

  [runs.endRun.name]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.runs,
      ({ id }) => id === values[0],
      () => ({ status: text(values[1]), error: textOrNull(values[2]) }),
    ),

  [cycles.insertCycle.name]: ({ transaction, tables, values, now, next }) => {
    const cycle = {
      id: uuid(next()),
      status: 'extracting',
      pipelines: texts(values[0]),
      missing: texts(values[1]),
      error: null,
      started_at: now,
      finished_at: null,
    };
    return transaction.insertIfAbsent(tables.cycles, cycle) ? [cycle] : [];
  },

  [cycles.selectLiveCycle.name]: ({ transaction, tables }) =>
    transaction.select(tables.cycles, ({ status }) => status === 'extracting' || status === 'transforming'),

  [cycles.lockCycle.name]: ({ transaction, tables, values, lock }) =>
    transaction.selectFor(tables.cycles, ({ id }) => id === values[0], lock),

  [cycles.selectIsCycleDue.name]: ({ transaction, tables, values, now }) => {
    const ends = transaction.select(tables.cycles, ({ finished_at }) => finished_at !== null);
    return [{ due: ends.every(({ finished_at }) => (finished_at ?? 0) + seconds(values[0]) <= now) }];
  },

  [cycles.selectCycleProgress.name]: ({ transaction, tables, values }) => {
    const [cycle] = transaction.select(tables.cycles, ({ id }) => id === values[0]);
    if (cycle === undefined) return [];
    const runs = transaction.select(tables.runs, ({ cycle_id }) => cycle_id === cycle.id);
    const isPending = (name: string) => runs.every(({ pipeline }) => pipeline !== name);
    const live = runs.filter(({ status }) => status === 'running').length;
    return [{ pending: cycle.pipelines.filter(isPending), live: String(live) }];
  },

  [cycles.selectLoadedSources.name]: ({ transaction, tables, values }) => {
    const runs = transaction.select(tables.runs, ({ cycle_id }) => cycle_id === values[0]);
    const isLoaded = (run: RunRow) =>
      transaction.select(tables.tasks, ({ run_id, status }) => {
        return run_id === run.id && (status === 'loaded' || status === 'incomplete');
      }).length > 0;
    return runs.filter(isLoaded).map(({ source }) => ({ source }));
  },

  [cycles.failEmptyCycle.name]: ({ transaction, tables, values, now }) =>
    transaction.update(
      tables.cycles,
      ({ id, status }) => id === values[0] && status === 'extracting',
      () => ({ status: 'failed', error: 'no stream was loaded', finished_at: now }),
    ),

  [cycles.beginTransforming.name]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.cycles,
      ({ id, status }) => id === values[0] && status === 'extracting',
      () => ({ status: 'transforming' }),
    ),

  [cycles.selectCycleErrors.name]: ({ transaction, tables, values }) => {
    const runs = transaction.select(
      tables.runs,
      ({ cycle_id, status }) => cycle_id === values[0] && status !== 'loaded',
    );
    const problems = runs.map(({ pipeline, status }) => `${pipeline} ${status}`);
    return [{ errors: problems.length === 0 ? null : problems.join('; ') }];
  },

  [cycles.endCycle.name]: ({ transaction, tables, values, now }) =>
    transaction.update(
      tables.cycles,
      ({ id, status }) => id === values[0] && status === 'transforming',
      () => ({
        status: text(values[1]),
        error: textOrNull(values[2]),
        finished_at: now,
      }),
    ),

  [pipelines.selectPipelines.name]: ({ transaction, tables }) =>
    transaction
      .select(tables.pipelines, () => true)
      .map((pipeline) => ({
        ...pipeline,
        requested: pipeline.requested_at !== null,
        hasOwnSchedule: false,
        isAlive: true,
      })),

  // dbt is no part of the simulation: it succeeds at once.
  [dbtReport.selectEndedBuild.name]: () => [{ status: 'succeeded', error: null }],
};

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
