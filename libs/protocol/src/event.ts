import { z } from 'zod';
import { SourceName, StreamName } from './pipeline-name.ts';

const run = { pipeline: z.string(), source: SourceName, runId: z.uuid(), cycleId: z.uuid().nullable() };

/** What happened, in the past tense. `type` is also the routing key on `pipeline.events`. */
export const Event = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('task.loaded'), ...run, taskId: z.uuid(), stream: StreamName }),
  z.strictObject({ type: z.literal('task.failed'), ...run, taskId: z.uuid(), stream: StreamName, error: z.string() }),
  z.strictObject({ type: z.literal('run.loaded'), ...run }),
  z.strictObject({ type: z.literal('run.cancelled'), ...run }),
  z.strictObject({ type: z.literal('run.failed'), ...run, error: z.string() }),
  z.strictObject({ type: z.literal('cycle.loaded'), cycleId: z.uuid(), sources: z.array(SourceName) }),
  z.strictObject({ type: z.literal('dbt.requested'), dbtRunId: z.uuid() }),
  z.strictObject({
    type: z.literal('dbt.finished'),
    cycleId: z.uuid(),
    dbtRunId: z.uuid(),
    outcome: z.enum(['succeeded', 'failed']),
  }),
]);
export type Event = z.infer<typeof Event>;
