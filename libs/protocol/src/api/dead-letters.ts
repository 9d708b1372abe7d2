import { z } from 'zod';
import { Count, Instant, page, pageQuery, RowId } from './form.ts';

export const DeadLetterState = z.enum(['open', 'replayed', 'skipped', 'discarded']);

export const DeadLetterItem = z.strictObject({
  id: RowId,
  queue: z.string(),
  reason: z.string(),
  type: z.string().nullable(),
  pipeline: z.string().nullable(),
  stream: z.string().nullable(),
  rows: Count.nullable(),
  bytes: Count,
  state: DeadLetterState,
  archivedAt: Instant,
  /** Of a batch: whether its attempt still waits for it. */
  attempt: z.strictObject({ epoch: z.string(), seq: z.number().int(), state: z.string() }).nullable(),
  /** What may be done now, and what it means. */
  commands: z.array(z.strictObject({ name: z.enum(['replay', 'skip', 'discard']), meaning: z.string() })),
});
export type DeadLetterItem = z.infer<typeof DeadLetterItem>;
export const DeadLettersQuery = z.strictObject({ ...pageQuery, status: DeadLetterState.default('open') });
export const DeadLetters = page(DeadLetterItem);
export const DeadLetterParameters = z.strictObject({ id: RowId });
export const DeadLetterClosed = z.strictObject({ id: RowId, outcome: z.string(), rowsGivenUp: Count.nullable() });
