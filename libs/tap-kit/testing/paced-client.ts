import { bearerAuth } from '../src/auth/authenticator.ts';
import { createHttpClient } from '../src/http/http-client.ts';
import { MemoryRateLimiter } from '../src/http/memory-rate-limiter.ts';
import type { RateLimiter } from '../src/http/rate-limiter.ts';
import type { Transport } from '../src/http/transport.ts';
import type { HttpClient, HttpPolicy } from '../src/http-policy.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Pace {
  time: VirtualTime;
  /** Replicas share one. @default of its own */
  limiter?: RateLimiter;
  /** How long the source takes to respond. */
  latencyMs: number;
  token: string;
}

/** The limits of one process, by a virtual clock. */
export function virtualLimiter(time: VirtualTime): RateLimiter {
  return new MemoryRateLimiter({ factor: 1, now: time.now });
}

/** The runtime's own client, with its limits and retries, over a source that responds in virtual time. */
export function pacedClient(policy: HttpPolicy, source: Transport, pace: Pace): HttpClient {
  const { time, latencyMs, limiter = virtualLimiter(time), token } = pace;
  const never = new AbortController().signal;
  const silent = () => undefined;
  const logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger };
  return createHttpClient(policy, {
    transport: async (request) => {
      await time.sleep(latencyMs);
      return time.busy(source(request));
    },
    ...{ auth: bearerAuth(token), limiter, timing: time, logger, stop: never, abort: never },
  });
}
