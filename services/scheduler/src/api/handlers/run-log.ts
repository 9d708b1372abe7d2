import { countLogLines, listLogLines } from '@pipeline/control';
import type { LogLevel } from '@pipeline/protocol/api';
import type { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { fromCursor, ROW_ID, toCursor, toPage } from '../http/cursor.ts';
import type { Handlers } from '../http/handler.ts';
import { knownRun } from './known-run.ts';

/** Lines of a log as text. */
const LOG_TEXT_LINES_MAX = 50_000;
const LEVELS: z.infer<typeof LogLevel>[] = ['debug', 'info', 'warn', 'error'];

/** The log of a run, in pages and as text. */
export function runLogHandlers({ pool }: Pick<ApiDeps, 'pool'>): Handlers<'getLog' | 'getLogText'> {
  return {
    getLog: async ({ params, query }) => {
      await knownRun(pool, params.id);
      const afterId = query.after ?? fromCursor(query.cursor, [ROW_ID])?.[0] ?? '0';
      const levels = query.level === undefined ? LEVELS : LEVELS.slice(LEVELS.indexOf(query.level));
      const filter = { runId: params.id, levels, stream: query.stream, q: query.q, afterId, limit: query.limit + 1 };
      const [rows, counts] = await Promise.all([listLogLines(pool, filter), countLogLines(pool, params.id)]);
      return { ...toPage(rows, query.limit, (row) => toCursor(row.id)), counts };
    },
    getLogText: async ({ params }, { response }) => {
      await knownRun(pool, params.id);
      const filter = { runId: params.id, levels: LEVELS, afterId: '0', limit: LOG_TEXT_LINES_MAX };
      response.attachment(`run-${params.id}.log`);
      const lines = await listLogLines(pool, filter);
      return lines
        .map((line) => `${line.at} ${line.level.padEnd(5)} ${line.service} ${line.stream ?? '-'} ${line.message}\n`)
        .join('');
    },
  };
}
