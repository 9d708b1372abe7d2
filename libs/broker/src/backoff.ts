import type { Backoff } from '@pipeline/resilience';

/** Between two tries to connect, consume or publish: a broker that restarts is met again within seconds. */
export const BACKOFF: Backoff = { firstMs: 500, maxMs: 10_000 };
