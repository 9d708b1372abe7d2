import { sql, statement } from '@pipeline/postgres';
import type { HistoryBar, LastOutcome, Schedule } from '@pipeline/protocol/api';
import type { z } from 'zod';
import type { PipelineStreams } from '../cycle/pipeline-streams.ts';
import { taskStatus } from '../status/index.ts';
import { iso, LABEL } from './instant.sql.ts';
import { FIGURES_JOIN, figure, RUN_SECONDS } from './run-figures.sql.ts';

const { bool, float8, int4, json, jsonb, nullable, oneOf, text, uuid } = sql;

/** Cycles of a pipeline that the first page draws. */
const HISTORY = 40;

const OUTCOME = `select json_build_object('runId', r.id, 'cycleId', r.cycle_id, 'state', r.status, 'startedAt', ${iso('r.started_at')},
    'finishedAt', ${iso('r.finished_at')}, 'seconds', ${RUN_SECONDS}, 'waitedSeconds', ${figure('waited_seconds')},
    'rows', ${figure('rows_loaded')}, 'rejected', ${figure('rejected')}, 'error', r.error,
    'failed', (select coalesce(json_agg(json_build_object('stream', t.stream, 'code', null, 'error', coalesce(t.error, 'failed')) order by t.stream), '[]')
               from pipeline.tasks t where t.run_id = r.id and t.status = 'failed')) as outcome, ${iso('r.finished_at')} as finished
  from pipeline.runs r ${FIGURES_JOIN}
  where r.pipeline = p.name and r.status <> 'running' order by r.started_at desc limit 1`;

/** Rows committed within this many seconds make the rate. */
export const RATE_SECONDS = 10;

export const selectPipelines = statement({
  name: 'pipeline_list.select_pipelines',
  text: `select p.name, p.connection, p.source, ${LABEL} as label, p.seen_at > clock_timestamp() - make_interval(secs => $1) as "isAlive",
                p.requested_at is not null as "isRequested", p.paused as "isPaused", ${iso('p.paused_at')} as "pausedAt", p.paused_by as "pausedBy",
                p.pause_reason as "pauseReason", ${iso('p.paused_until')} as "pausedUntil", p.schedule, p.failures_in_row as "failuresInRow",
                ${iso('p.retry_at')} as "retryAt", p.streams, coalesce(c.target_schema, p.source) as "targetSchema", last.outcome, live.id as "liveRunId",
                live.started as "liveSince", last.finished as "lastFinishedAt"
         from pipeline.pipelines p
         left join pipeline.connections c on c.name = p.connection
         left join lateral (${OUTCOME}) last on true
         left join lateral (select r.id, ${iso('r.started_at')} as started from pipeline.runs r where r.pipeline = p.name and r.status = 'running') live on true
         where ($2::text is null or p.name = $2) and (c.removed_at is null) order by p.name`,
  parameters: { aliveSeconds: float8, name: nullable(text) },
  row: {
    name: text,
    connection: text,
    source: text,
    label: text,
    isAlive: bool,
    isRequested: bool,
    isPaused: bool,
    pausedAt: nullable(text),
    pausedBy: nullable(text),
    pauseReason: nullable(text),
    pausedUntil: nullable(text),
    schedule: nullable(jsonb<Schedule>()),
    failuresInRow: int4,
    retryAt: nullable(text),
    streams: jsonb<PipelineStreams[]>(),
    targetSchema: text,
    outcome: nullable(json<LastOutcome>()),
    liveRunId: nullable(uuid),
    liveSince: nullable(text),
    lastFinishedAt: nullable(text),
  },
});

export const selectHistory = statement({
  name: 'pipeline_list.select_history',
  text: `select p.name as pipeline, (select coalesce(json_agg(json_build_object('cycleId', r.cycle_id, 'id', r.id, 'startedAt', ${iso('r.started_at')},
                  'seconds', ${RUN_SECONDS}, 'state', r.status, 'rejected', coalesce(kept.rejected, 0)) order by r.started_at), '[]')
                from (select * from pipeline.runs x where x.pipeline = p.name order by x.started_at desc limit ${HISTORY}) r
                left join pipeline.run_figures kept on kept.run_id = r.id) as bars
         from pipeline.pipelines p`,
  row: { pipeline: text, bars: json<z.infer<typeof HistoryBar>[]>() },
});

export const selectLiveTasks = statement({
  name: 'pipeline_list.select_live_tasks',
  text: `select t.run_id as "runId", t.pipeline, t.stream, t.status, ${iso('a.started_at')} as "startedAt",
                ${iso('coalesce(a.finished_at, t.finished_at)')} as "finishedAt", coalesce(a.full_read, t.full_read) as "isFull",
                l.rows::float8, l.lately::float8 as "rowsLately",
                case when g.waiting_until > clock_timestamp() then g.waiting_for end as "waitingFor",
                case when g.waiting_until > clock_timestamp() then ${iso('g.waiting_until')} end as "waitingUntil",
                (select coalesce(json_agg(json_build_object('from', ${iso('w.from_at')}, 'until', ${iso('w.until_at')}) order by w.from_at), '[]')
                 from pipeline.waits w where w.epoch = a.epoch) as waits
         from pipeline.runs r join pipeline.tasks t on t.run_id = r.id
         left join lateral (select * from pipeline.attempts x where x.task_id = t.id order by x.epoch desc limit 1) a on true
         left join pipeline.attempt_progress g on g.epoch = a.epoch
         cross join lateral (
           select coalesce(sum(rows), 0) as rows, coalesce(sum(rows) filter (where loaded_at > clock_timestamp() - interval '${RATE_SECONDS} seconds'), 0) as lately
           from pipeline.ledger where epoch = a.epoch) l
         where r.status = 'running' order by t.queued_at, t.stream`,
  row: {
    runId: uuid,
    pipeline: text,
    stream: text,
    status: oneOf(taskStatus.all),
    startedAt: nullable(text),
    finishedAt: nullable(text),
    isFull: bool,
    rows: float8,
    rowsLately: float8,
    waitingFor: nullable(text),
    waitingUntil: nullable(text),
    waits: json<{ from: string; until: string }[]>(),
  },
});
