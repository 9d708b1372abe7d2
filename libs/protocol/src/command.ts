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

/** Asks a tap to look at an account: token, scopes, what each stream may read, limits. What to look at and with which secrets stands in
 *  `pipeline.connection_checks`. */
export const CheckCommand = z.strictObject({ type: z.literal('check'), source: SourceName, checkId: z.uuid() });
export type CheckCommand = z.infer<typeof CheckCommand>;

/** What a tap's queue carries. */
export const Command = z.discriminatedUnion('type', [RunCommand, CheckCommand]);
export type Command = z.infer<typeof Command>;
