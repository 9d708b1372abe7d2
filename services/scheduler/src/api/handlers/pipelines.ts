import {
  listPipelineRows,
  operate,
  type PipelineStreams,
  pausePipeline,
  type RunWish,
  refusal,
  requestRunOf,
  resumePipeline,
  saveSchedule,
} from '@pipeline/control';
import type { PoolClient } from '@pipeline/postgres';
import type { PipelineSummary } from '@pipeline/protocol/api';
import { readStreams } from '../../observe/streams.ts';
import { describeTiming, nextTimes, scheduleOf, toSchedule } from '../../schedule/timing.ts';
import type { ApiDeps } from '../deps.ts';
import type { Handlers } from '../http/handler.ts';
import { knownPipeline, unknownPipeline } from './names.ts';

type Names =
  | 'listPipelines'
  | 'getPipeline'
  | 'pausePipelines'
  | 'resumePipelines'
  | 'pausePipeline'
  | 'resumePipeline'
  | 'runPipeline'
  | 'setSchedule'
  | 'previewSchedule'
  | 'startCycle';

const PREVIEWED_TIMES = 5;

/** Pipelines: what they do, and when. */
export function pipelineHandlers(deps: ApiDeps): Handlers<Names> {
  const { pool, wake, settings } = deps;
  const list = async () => {
    const items = await summaries(deps);
    return { items, nextCursor: null, total: items.length };
  };
  return {
    listPipelines: list,
    getPipeline: ({ params }) => detail(deps, params.name),
    pausePipelines: async ({ body }, { actor }) => {
      const names = (await listPipelineRows(pool)).map(({ name }) => name);
      await operate(pool, { actor, action: 'pause', target: 'all', details: body }, async (client) => {
        for (const name of names) await pausePipeline(client, name, { by: actor, ...body });
      });
      wake();
      return list();
    },
    resumePipelines: async (_, { actor }) => {
      const names = (await listPipelineRows(pool)).map(({ name }) => name);
      await operate(pool, { actor, action: 'resume', target: 'all', details: {} }, async (client) => {
        for (const name of names) await resumePipeline(client, name);
      });
      wake();
      return list();
    },
    pausePipeline: async ({ params, body }, { actor }) => {
      const { name } = await knownPipeline(pool, params.name);
      await operate(pool, { actor, action: 'pause', target: name, details: body }, (client) =>
        pausePipeline(client, name, { by: actor, ...body }),
      );
      wake();
      return detail(deps, name);
    },
    resumePipeline: async ({ params }, { actor }) => {
      const { name } = await knownPipeline(pool, params.name);
      await operate(pool, { actor, action: 'resume', target: name, details: {} }, (client) =>
        resumePipeline(client, name),
      );
      wake();
      return detail(deps, name);
    },
    runPipeline: async ({ params, body }, { actor }) => {
      const { name, streams } = await knownPipeline(pool, params.name);
      const roots = body.streams === undefined ? null : body.streams.map((stream) => rootOf(name, streams, stream));
      return request(deps, [name], { ...body, streams: roots }, actor);
    },
    setSchedule: async ({ params, body }, { actor }) => {
      const { name, schedule } = await knownPipeline(pool, params.name);
      const next = toSchedule(body, settings.intervalSeconds);
      const details = { from: scheduleOf(schedule, settings.intervalSeconds), to: next };
      await operate(pool, { actor, action: 'set-schedule', target: name, details }, (client) =>
        saveSchedule(client, name, next),
      );
      wake();
      return next;
    },
    previewSchedule: async ({ body }) => ({
      text: describeTiming(body),
      next: nextTimes(body, PREVIEWED_TIMES).map((time) => time.toISOString()),
    }),
    startCycle: async ({ body }, { actor }) => {
      const rows = await listPipelineRows(pool);
      const names =
        body.pipelines === undefined
          ? rows.filter(({ isPaused }) => !isPaused).map(({ name }) => name)
          : await Promise.all(body.pipelines.map(async (name) => (await knownPipeline(pool, name)).name));
      if (names.length === 0) throw refusal('NOTHING_TO_RUN', 'every pipeline is paused, or none has registered yet');
      return request(deps, names, { ...body, streams: null }, actor);
    },
  };
}

async function request({ pool, wake }: ApiDeps, names: string[], wish: RunWish, actor: string) {
  const { streams, fullRead, massDeletes } = wish;
  const entry = { actor, action: 'request-run', target: names.join(', '), details: { streams, fullRead, massDeletes } };
  const at = await operate(pool, entry, async (client) => {
    const instants: Date[] = [];
    for (const name of names) instants.push(await requested(client, name, { streams, fullRead, massDeletes }, actor));
    return instants[0];
  });
  wake();
  const requestedAt = (at ?? new Date()).toISOString();
  return {
    requestedAt,
    pipelines: names,
    message: `asked for at ${requestedAt.slice(11, 19)} UTC, starts when no cycle is live`,
  };
}

async function requested(client: PoolClient, name: string, wish: RunWish, actor: string): Promise<Date> {
  const at = await requestRunOf(client, name, wish, actor);
  if (at === undefined) throw unknownPipeline(name);
  return at;
}

/** A child is read with its root. @throws PipelineError `UNKNOWN_STREAM` */
export function rootOf(pipeline: string, streams: Family[], stream: string): string {
  return familyOf(pipeline, streams, stream).name;
}

/** A root stream with its children, of whichever of them the name is. @throws PipelineError `UNKNOWN_STREAM`. */
export function familyOf(pipeline: string, streams: Family[], stream: string): Family {
  const family = streams.find(({ name, children }) => name === stream || children.includes(stream));
  if (family !== undefined) return family;
  throw refusal(
    'UNKNOWN_STREAM',
    `${pipeline} reads no stream ${stream}; it reads ${streams.map(({ name }) => name).join(', ')}`,
  );
}

type Family = Pick<PipelineStreams, 'name' | 'children'>;

async function summaries({ now }: Pick<ApiDeps, 'now'>): Promise<PipelineSummary[]> {
  return (await now.readFresh()).pipelines.map(({ bars: _, history: __, ...pipeline }) => pipeline);
}

async function detail(deps: ApiDeps, name: string) {
  const row = await knownPipeline(deps.pool, name);
  const summary = (await summaries(deps)).find((pipeline) => pipeline.name === row.name);
  if (summary === undefined) throw unknownPipeline(name);
  const streams = await readStreams(deps, { connection: row.connection });
  return {
    ...summary,
    targetSchema: row.targetSchema,
    streams: row.streams.map(({ name: stream, children, replicationKey }) => {
      const item = streams.find((known) => known.item.stream === stream)?.item;
      return {
        name: stream,
        children,
        replicationKey: replicationKey ?? null,
        state: row.isPaused ? ('paused' as const) : (item?.activity ?? item?.outcome ?? ('queued' as const)),
      };
    }),
  };
}
