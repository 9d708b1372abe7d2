import { listIncidents, listLogLines, listOpenIncidents, newestLogLine } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { OutgoingEvent } from '../../events/outgoing.ts';
import type { ApiDeps } from '../deps.ts';
import { idBefore, pageById } from '../http/cursor.ts';
import { RequestError } from '../http/errors.ts';
import type { Handlers } from '../http/handler.ts';

type Names = 'getNow' | 'getStatus' | 'listIncidents' | 'streamEvents';

/** The first page, and what changes on it. */
export function nowHandlers({ pool, now, events }: Pick<ApiDeps, 'pool' | 'now' | 'events'>): Handlers<Names> {
  return {
    getNow: () => now.read(),
    getStatus: () => now.readStatus(),
    listIncidents: async ({ query }) => {
      if (query.open) return { items: await listOpenIncidents(pool), nextCursor: null };
      const rows = await listIncidents(pool, { limit: query.limit + 1, before: idBefore(query.cursor) });
      return pageById(rows, query.limit);
    },
    streamEvents: async ({ query }, { request, response }) => {
      const topics = (query.topics ?? '').split(',').flatMap((topic) => /^log:(.+)$/.exec(topic)?.[1] ?? []);
      const isOpen = events.open(response, { lastEventId: request.get('last-event-id'), topics });
      if (!isOpen) {
        throw new RequestError({
          status: 503,
          code: 'TOO_MANY_LISTENERS',
          message: 'too many pages are open',
          retryAfterMs: 30_000,
        });
      }
      return '';
    },
  };
}

const LINES_MAX = 500;

/** New lines of the logs of some runs since the last call; of a run that nobody listened to, those from now on. */
export function logReader(pool: Pool): (runIds: string[]) => Promise<OutgoingEvent[]> {
  const places = new Map<string, string>();
  return async (runIds) => {
    for (const known of places.keys()) if (!runIds.includes(known)) places.delete(known);
    const events: OutgoingEvent[] = [];
    for (const runId of runIds) {
      const afterId = places.get(runId) ?? (await newestLogLine(pool));
      const lines = await listLogLines(pool, {
        runId,
        levels: ['debug', 'info', 'warn', 'error'],
        afterId,
        limit: LINES_MAX,
      });
      places.set(runId, lines.at(-1)?.id ?? afterId);
      if (lines.length > 0) events.push({ name: 'log', data: { runId, lines } });
    }
    return events;
  };
}
