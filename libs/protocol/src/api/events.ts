import { z } from 'zod';

/** Names of server-sent events. Their `id` is `<boot>-<n>`. The data of `now` are the members of GET /api/now that have changed; the others
 *  name what to ask for again; after `reset` everything is to be asked for. */
const EVENT_NAMES = ['now', 'cycle', 'run', 'task', 'incident', 'quarantine', 'dbt', 'system', 'log', 'reset'] as const;
export type EventName = (typeof EVENT_NAMES)[number];

/** `?topics=log:<runId>` adds the log of a run to what everybody gets. */
export const EventsQuery = z.strictObject({
  topics: z
    .string()
    .regex(/^log:[0-9a-f-]{36}(,log:[0-9a-f-]{36}){0,4}$/, 'expected log:<run id>')
    .optional(),
});
