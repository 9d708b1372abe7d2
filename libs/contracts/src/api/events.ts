import { z } from 'zod';
import { LogLine } from './runs.ts';

/** Names of server-sent events. Their `id` is `<boot>-<n>`. */
export const EVENT_NAMES = [
  'now',
  'cycle',
  'run',
  'task',
  'incident',
  'quarantine',
  'dbt',
  'system',
  'log',
  'reset',
] as const;
export type EventName = (typeof EVENT_NAMES)[number];

/** `?topics=log:<runId>` adds the log of a run to what everybody gets. */
export const EventsQuery = z.strictObject({
  topics: z
    .string()
    .regex(/^log:[0-9a-f-]{36}(,log:[0-9a-f-]{36}){0,4}$/, 'expected log:<run id>')
    .optional(),
});

/** The data of each event. `now` is merged into the cached response; the others say what to ask for again. */
export const EventData = {
  /** The parts of GET /api/now that have changed: whole members of its top level; `now` is always there. */
  now: z.record(z.string(), z.json()),
  cycle: z.strictObject({ id: z.string() }),
  run: z.strictObject({ id: z.string(), pipeline: z.string() }),
  task: z.strictObject({ id: z.string(), runId: z.string(), pipeline: z.string(), stream: z.string() }),
  incident: z.strictObject({ ids: z.array(z.string()) }),
  quarantine: z.strictObject({ rejected: z.number(), deadLetters: z.number() }),
  dbt: z.strictObject({ buildId: z.string().nullable() }),
  system: z.strictObject({}),
  log: z.strictObject({ runId: z.string(), lines: z.array(LogLine) }),
  /** What was missed is gone: ask anew. */
  reset: z.strictObject({}),
} satisfies Record<EventName, z.ZodType>;
