export { type Backoff, backoffMs } from './backoff.ts';
export { keepLease, type Lease, type LeaseOptions } from './lease.ts';
export { oncePer } from './limit.ts';
export { createLogThrottle, processThrottle } from './log-throttle.ts';
export { type Loop, startLoop } from './loop.ts';
export { type ErrorJudge, judgeErrors, type RepeatedErrors } from './repeated-errors.ts';
export { type RetryOptions, retry } from './retry.ts';
export { pause, unlessAborted, within } from './timeout.ts';
export { until } from './until.ts';
