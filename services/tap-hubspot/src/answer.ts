import { PipelineError } from '@pipeline/contracts';
import type { Json } from '@pipeline/singer';
import { type ZodType, z } from 'zod';

/** Checks an answer. @throws PipelineError `SOURCE_INVALID_ANSWER`, without values. */
export function parseAnswer<Answer>(schema: ZodType<Answer>, answer: Json, path: string): Answer {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole answer');
  throw new PipelineError({
    code: 'SOURCE_INVALID_ANSWER',
    recovery: 'fail',
    message: `HubSpot's answer to ${path} is not as documented in: ${[...new Set(fields)].slice(0, 5).join(', ')}`,
    context: { path },
  });
}

/** Where the next page begins; undefined on the last one. */
export const Paging = z
  .object({ next: z.object({ after: z.union([z.string(), z.number()]).transform(String) }).optional() })
  .optional();

/** The cursor of the next page. @throws PipelineError when it is the one just used: the read would never end. */
export function nextCursor(paging: z.infer<typeof Paging>, used: string | undefined, path: string): string | undefined {
  const after = paging?.next?.after;
  if (after === undefined || after !== used) return after;
  throw new PipelineError({
    code: 'SOURCE_INVALID_ANSWER',
    recovery: 'fail',
    message: `HubSpot's answer to ${path} names itself as the next page`,
    context: { path },
  });
}
