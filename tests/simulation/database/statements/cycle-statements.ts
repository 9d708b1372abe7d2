import { isLive, type RunRow, type TaskRow } from '../schema.ts';
import type { Meanings } from '../statement.ts';
import { seconds, text, textOrNull, uuid } from './value.ts';

/** libs/control/src/cycle, dbt/dbt-report.ts */
export const cycleStatements: Meanings = {
  'select name, source, streams, requested_full_read, requested_mass_deletes from pipeline.pipelines where name = $1 for update':
    ({ transaction, tables, values, lock }) =>
      transaction.selectFor(tables.pipelines, ({ name }) => name === values[0], lock),

  'update pipeline.pipelines set requested_at = null, requested_full_read = false, requested_mass_deletes = false where name = $1':
    ({ transaction, tables, values }) =>
      transaction.update(
        tables.pipelines,
        ({ name }) => name === values[0],
        () => ({ requested_at: null, requested_full_read: false, requested_mass_deletes: false }),
      ),

  'insert into pipeline.runs (cycle_id, pipeline, source) values ($1, $2, $3) returning id': ({
    transaction,
    tables,
    values,
    next,
  }) => [
    transaction.insert(tables.runs, {
      id: uuid(next()),
      cycle_id: text(values[0]),
      pipeline: text(values[1]),
      source: text(values[2]),
      status: 'running',
      error: null,
    }),
  ],

  [`insert into pipeline.tasks (run_id, pipeline, source, stream, full_read, mass_deletes)
    values ($1, $2, $3, $4, $5, $6) returning id`]: ({ transaction, tables, values, now, next }) => [
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

  [`select pipeline, source, cycle_id from pipeline.runs where id = $1 and status = 'running' for update`]: ({
    transaction,
    tables,
    values,
    lock,
  }) => transaction.selectFor(tables.runs, ({ id, status }) => id === values[0] && status === 'running', lock),

  [`select count(*) filter (where status in ('queued', 'running', 'loading')) as live,
      count(*) filter (where status = 'failed') as failed, count(*) filter (where status = 'cancelled') as cancelled,
      count(*) filter (where status = 'incomplete') as incomplete,
      string_agg(stream || ': ' || error, '; ' order by stream) filter (where status = 'failed') as errors
    from pipeline.tasks where run_id = $1`]: ({ transaction, tables, values }) => {
    const tasks = transaction.select(tables.tasks, ({ run_id }) => run_id === values[0]);
    const count = (isMeant: (task: TaskRow) => boolean) => String(tasks.filter(isMeant).length);
    const failed = tasks.filter(({ status }) => status === 'failed').map(({ stream, error }) => `${stream}: ${error}`);
    return [
      {
        live: count(({ status }) => isLive(status)),
        failed: String(failed.length),
        cancelled: count(({ status }) => status === 'cancelled'),
        incomplete: count(({ status }) => status === 'incomplete'),
        errors: failed.length === 0 ? null : failed.sort().join('; '),
      },
    ];
  },

  'update pipeline.runs set status = $2, error = $3, finished_at = clock_timestamp() where id = $1': ({
    transaction,
    tables,
    values,
  }) =>
    transaction.update(
      tables.runs,
      ({ id }) => id === values[0],
      () => ({ status: text(values[1]), error: textOrNull(values[2]) }),
    ),

  [`insert into pipeline.cycles (pipelines, missing) values ($1, $2)
    on conflict ((true)) where status in ('extracting', 'transforming') do nothing returning id`]: ({
    transaction,
    tables,
    values,
    now,
    next,
  }) => {
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

  [`select id, status, pipelines, error from pipeline.cycles where status in ('extracting', 'transforming')`]: ({
    transaction,
    tables,
  }) => transaction.select(tables.cycles, ({ status }) => status === 'extracting' || status === 'transforming'),

  'select from pipeline.cycles where id = $1 for update': ({ transaction, tables, values, lock }) =>
    transaction.selectFor(tables.cycles, ({ id }) => id === values[0], lock),

  [`select coalesce(max(finished_at) + make_interval(secs => $1) <= clock_timestamp(), true) as due from pipeline.cycles`]:
    ({ transaction, tables, values, now }) => {
      const ends = transaction.select(tables.cycles, ({ finished_at }) => finished_at !== null);
      return [{ due: ends.every(({ finished_at }) => (finished_at ?? 0) + seconds(values[0]) <= now) }];
    },

  [`select array(select p.name from unnest(c.pipelines) with ordinality as p(name, position)
      where not exists (select from pipeline.runs r where r.cycle_id = c.id and r.pipeline = p.name)
      order by p.position) as pending,
      (select count(*) from pipeline.runs r where r.cycle_id = c.id and r.status = 'running') as live
    from pipeline.cycles c where c.id = $1`]: ({ transaction, tables, values }) => {
    const [cycle] = transaction.select(tables.cycles, ({ id }) => id === values[0]);
    if (cycle === undefined) return [];
    const runs = transaction.select(tables.runs, ({ cycle_id }) => cycle_id === cycle.id);
    const isPending = (name: string) => runs.every(({ pipeline }) => pipeline !== name);
    const live = runs.filter(({ status }) => status === 'running').length;
    return [{ pending: cycle.pipelines.filter(isPending), live: String(live) }];
  },

  [`select distinct r.source from pipeline.runs r join pipeline.tasks t on t.run_id = r.id
    where r.cycle_id = $1 and t.status in ('loaded', 'incomplete') order by 1`]: ({ transaction, tables, values }) => {
    const runs = transaction.select(tables.runs, ({ cycle_id }) => cycle_id === values[0]);
    const isLoaded = (run: RunRow) =>
      transaction.select(tables.tasks, ({ run_id, status }) => {
        return run_id === run.id && (status === 'loaded' || status === 'incomplete');
      }).length > 0;
    return runs.filter(isLoaded).map(({ source }) => ({ source }));
  },

  [`update pipeline.cycles set status = 'failed', error = 'no stream was loaded', finished_at = clock_timestamp()
    where id = $1 and status = 'extracting'`]: ({ transaction, tables, values, now }) =>
    transaction.update(
      tables.cycles,
      ({ id, status }) => id === values[0] && status === 'extracting',
      () => ({ status: 'failed', error: 'no stream was loaded', finished_at: now }),
    ),

  [`update pipeline.cycles set status = 'transforming', transforming_at = clock_timestamp()
    where id = $1 and status = 'extracting'`]: ({ transaction, tables, values }) =>
    transaction.update(
      tables.cycles,
      ({ id, status }) => id === values[0] && status === 'extracting',
      () => ({ status: 'transforming' }),
    ),

  [`select string_agg(problem, '; ') as errors
    from (select pipeline || ' ' || status from pipeline.runs where cycle_id = $1 and status <> 'loaded'
      union all select unnest(missing) || ' has no tap' from pipeline.cycles where id = $1) as problems(problem)`]: ({
    transaction,
    tables,
    values,
  }) => {
    const runs = transaction.select(
      tables.runs,
      ({ cycle_id, status }) => cycle_id === values[0] && status !== 'loaded',
    );
    const problems = runs.map(({ pipeline, status }) => `${pipeline} ${status}`);
    return [{ errors: problems.length === 0 ? null : problems.join('; ') }];
  },

  [`update pipeline.cycles set status = $2, error = $3, finished_at = clock_timestamp()
    where id = $1 and status = 'transforming'`]: ({ transaction, tables, values, now }) =>
    transaction.update(
      tables.cycles,
      ({ id, status }) => id === values[0] && status === 'transforming',
      () => ({
        status: text(values[1]),
        error: textOrNull(values[2]),
        finished_at: now,
      }),
    ),

  [`select name, source, streams, paused, requested_at is not null as requested,
      seen_at > clock_timestamp() - make_interval(secs => $1) as "isAlive"
    from pipeline.pipelines order by name`]: ({ transaction, tables }) =>
    transaction
      .select(tables.pipelines, () => true)
      .map((pipeline) => ({ ...pipeline, requested: pipeline.requested_at !== null, isAlive: true })),

  // dbt is no part of the simulation: it succeeds at once.
  [`select status, error from pipeline.dbt_runs where cycle_ids @> array[$1::uuid] and finished_at is not null
    order by finished_at desc limit 1`]: () => [{ status: 'succeeded', error: null }],
};

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
