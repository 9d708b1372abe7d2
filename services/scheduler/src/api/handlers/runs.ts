import {
  cancelRun,
  expectationKey,
  listBatches,
  listNotices,
  listRuns,
  listTaskProblems,
  listTasks,
  operate,
  placeOfRun,
  readExpectations,
  readRunFacts,
  refusal,
  requestRunOf,
  type TaskRow,
} from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { TaskItem } from '@pipeline/protocol/api';
import type { ApiDeps } from '../deps.ts';
import { fromCursor, NUMBER, ROW_ID, toCursor, toPage, UUID } from '../http/cursor.ts';
import type { Handlers } from '../http/handler.ts';
import { knownRun, unknownRun } from './known-run.ts';
import { fullName } from './names.ts';

type Names = 'listRuns' | 'getRun' | 'listTasks' | 'listBatches' | 'cancelRun' | 'retryRun';

/** Runs with their tasks and batches; cancel and retry. */
export function runHandlers({ pool, version, wake }: Pick<ApiDeps, 'pool' | 'version' | 'wake'>): Handlers<Names> {
  return {
    listRuns: async ({ query }) => {
      const id = fromCursor(query.cursor, [UUID])?.[0];
      const after = id === undefined ? undefined : await placeOfRun(pool, id);
      const pipeline = query.pipeline === undefined ? undefined : fullName(query.pipeline);
      const rows = await listRuns(pool, { status: query.status, pipeline, limit: query.limit + 1, after });
      return toPage(rows, query.limit, (row) => toCursor(row.id));
    },
    getRun: async ({ params }) => {
      const item = await knownRun(pool, params.id);
      return { ...item, ...(await describeRun(pool, item.id)), version };
    },
    listTasks: async ({ params }) => {
      await knownRun(pool, params.id);
      const rows = await listTasks(pool, params.id);
      const expected = await readExpectations(pool, rows);
      return {
        items: rows.map((row) => toTask(row, expected.get(expectationKey(row))?.rows)),
        nextCursor: null,
        total: rows.length,
      };
    },
    listBatches: async ({ params, query }) => {
      await knownRun(pool, params.id);
      const [epoch, seq] = fromCursor(query.cursor, [ROW_ID, NUMBER]) ?? [];
      const after = epoch === undefined || seq === undefined ? undefined : { epoch, seq };
      const rows = await listBatches(pool, { runId: params.id, stream: query.stream, limit: query.limit + 1, after });
      return toPage(rows, query.limit, (row) => toCursor(row.epoch, String(row.seq)));
    },
    cancelRun: async ({ params }, { actor }) => {
      const cancelledTasks = await cancelRun(pool, { runId: params.id, actor });
      wake();
      return {
        id: params.id,
        cancelledTasks,
        message: `cancelled; ${cancelledTasks} streams were not read to their end`,
      };
    },
    retryRun: async ({ params }, { actor }) => {
      const run = await knownRun(pool, params.id);
      const streams = (await listTaskProblems(pool, params.id)).map(({ stream }) => stream);
      if (streams.length === 0) throw refusal('NOTHING_FAILED', `no stream of run ${params.id} failed`);
      const wish = { streams, fullRead: false, massDeletes: false };
      const at = await operate(
        pool,
        { actor, action: 'retry-run', target: run.pipeline, details: { runId: run.id, streams } },
        (client) => requestRunOf(client, run.pipeline, wish, actor),
      );
      wake();
      const requestedAt = (at ?? new Date()).toISOString();
      return {
        requestedAt,
        pipelines: [run.pipeline],
        message: `${streams.join(', ')}: asked for, starts when no cycle is live`,
      };
    },
  };
}

async function describeRun(pool: Pool, id: string) {
  const [facts, problems, notices] = await Promise.all([
    readRunFacts(pool, id),
    listTaskProblems(pool, id),
    listNotices(pool, id),
  ]);
  if (facts === undefined) throw unknownRun(id);
  const { usualFrom, usualTo, ...rest } = facts;
  return {
    ...rest,
    usualSeconds: usualFrom === null || usualTo === null ? null : { from: usualFrom, to: usualTo },
    problems: problems.map(({ stream, error, code, loadedAt }) => ({
      stream,
      code,
      what: error,
      remedy: 'do what the message says; the next run goes on from the last bookmark',
      effect:
        loadedAt === null
          ? `${stream} was never loaded`
          : `${stream} is as of ${loadedAt}; nothing was marked as deleted`,
    })),
    notices,
    failedStreams: problems.map(({ stream }) => stream),
  };
}

function toTask({ status, pipeline: _, isFull: __, ...row }: TaskRow, expectedRows: number | undefined): TaskItem {
  return {
    ...row,
    state: stateOf(status, row.waitingUntil),
    expectedRows: expectedRows === undefined ? null : Math.round(expectedRows),
  };
}

function stateOf(status: TaskRow['status'], waitingUntil: string | null): TaskItem['state'] {
  if (status !== 'running') return status;
  return waitingUntil !== null && Date.parse(waitingUntil) > Date.now() ? 'waiting' : 'reading';
}
