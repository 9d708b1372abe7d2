import { type ZodType, z } from 'zod';
import { validationError } from './failure.ts';

/** The body of a request. @throws ApiFailure 400 */
export function parsedBody<Body>(schema: ZodType<Body>, body: unknown): Body {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw validationError(`Invalid input JSON: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
