import { type Json, parseJson } from '@pipeline/singer';
import type { HttpPolicy } from '../http-policy.ts';
import type { TransportResponse } from './transport.ts';

/** The body, exact in every number. Undefined when it is not JSON. */
export function jsonBody(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The headers by which the source's support finds this request. */
export function correlationOf(
  policy: HttpPolicy,
  response: Pick<TransportResponse, 'headers'>,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const header of policy.correlationHeaders ?? []) {
    const value = response.headers[header.toLowerCase()];
    if (value !== undefined) found[header.toLowerCase()] = value;
  }
  return found;
}
