import type { Authenticator } from '../../src/auth/authenticator.ts';
import { bearerAuth } from '../../src/auth/authenticator.ts';
import { createHttpClient } from '../../src/http/http-client.ts';
import { MemoryRateLimiter } from '../../src/http/memory-rate-limiter.ts';
import type { Transport, TransportRequest, TransportResponse } from '../../src/http/transport.ts';
import type { HttpPolicy } from '../../src/http-policy.ts';
import { fakeTiming, keptLog } from './deps.ts';

const POLICY: HttpPolicy = {
  baseUrl: 'https://api.example.com/v1',
  auth: { kind: 'bearer', token: 'secret-token' },
  limits: [],
  correlationHeaders: ['X-Request-Id'],
};
export const ok = (text: string): TransportResponse => ({ status: 200, headers: {}, text });
export const failed = (status: number, headers: Record<string, string> = {}, text = ''): TransportResponse => ({
  status,
  headers,
  text,
});

/** A client whose source returns these responses, the last one again and again. */
export function setUp(
  responses: (TransportResponse | Error)[],
  policy: Partial<HttpPolicy> = {},
  auth: Authenticator = bearerAuth('secret-token'),
) {
  const requests: TransportRequest[] = [];
  const transport: Transport = (request) => {
    requests.push(request);
    const next = responses.length > 1 ? responses.shift() : responses[0];
    return next instanceof Error || next === undefined ? Promise.reject(next) : Promise.resolve(next);
  };
  const timing = fakeTiming();
  const { logger, lines } = keptLog();
  const stopping = new AbortController();
  const client = createHttpClient(
    { ...POLICY, ...policy },
    {
      transport,
      auth,
      limiter: new MemoryRateLimiter({ factor: 1, now: timing.now }),
      timing,
      logger,
      stop: stopping.signal,
      abort: new AbortController().signal,
    },
  );
  return { client, requests, timing, lines, stopping };
}
