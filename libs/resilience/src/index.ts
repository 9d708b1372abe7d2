export { type Backoff, backoffMs } from './backoff.ts';
export { keepLease, type Lease, type LeaseOptions } from './lease.ts';
export { oncePer } from './limit.ts';
export { createLogThrottle, type LogThrottle } from './log-throttle.ts';
export { type Loop, type LoopErrors, startLoop } from './loop.ts';
export { type RetryOptions, retry } from './retry.ts';
export { pause, unlessAborted, within } from './timeout.ts';
