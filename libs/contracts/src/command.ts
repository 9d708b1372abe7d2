import { z } from 'zod';
import { SourceName, StreamName } from './pipeline-name.ts';

/** Asks a tap to take one task: a stream with its child streams. Imperative, sent once per attempt.
 *  It carries no state: the tap reads the bookmark when it claims the task, after it has fenced off its predecessors. */
export const RunCommand = z.strictObject({
  type: z.literal('run'),
  pipeline: z.string(),
  source: SourceName,
  runId: z.uuid(),
  taskId: z.uuid(),
  stream: StreamName,
});
export type RunCommand = z.infer<typeof RunCommand>;
