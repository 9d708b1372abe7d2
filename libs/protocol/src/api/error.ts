import { z } from 'zod';
import { JsonValue } from './form.ts';

/** What went wrong, in the same words on the page, in the command line and in an alert. A 5xx carries nothing but its id and a code. */
export const ApiError = z.strictObject({
  error: z.strictObject({
    /** Stable, upper case: `RUN_IS_LIVE`. */
    code: z.string(),
    message: z.string(),
    /** What to do. */
    remedy: z.string(),
    /** Stands in the scheduler's log too. */
    id: z.string(),
    details: z.record(z.string(), JsonValue).optional(),
    /** What is wrong with the request, field by field. */
    fields: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
    retryAfterMs: z.number().int().nullable().optional(),
  }),
});
export type ApiError = z.infer<typeof ApiError>;
