import type { Json } from '@pipeline/singer';
import { malformedResponse } from '@pipeline/tap-kit';
import { type ZodType, z } from 'zod';

/** Checks a response. @throws PipelineError `SOURCE_MALFORMED_RESPONSE`, without values. */
export function parseResponse<Response>(schema: ZodType<Response>, response: Json, path: string): Response {
  const parsed = schema.safeParse(response);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole response');
  throw malformedResponse(path, `is not as documented in: ${[...new Set(fields)].slice(0, 5).join(', ')}`);
}

/** Where the next page begins; undefined on the last one. */
export const Paging = z
  .object({ next: z.object({ after: z.union([z.string(), z.number()]).transform(String) }).nullish() })
  .nullish();

/** The cursor of the next page. @throws PipelineError when it is the one just used: the read would never end. */
export function nextCursor(paging: z.infer<typeof Paging>, used: string | undefined, path: string): string | undefined {
  const after = paging?.next?.after;
  if (after === undefined || after !== used) return after;
  throw malformedResponse(path, 'names itself as the next page');
}
