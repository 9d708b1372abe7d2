export * from './declaration.ts';
export * from './http-policy.ts';
export { inParallel, oneAhead, partsOf } from './read/ahead.ts';
export { lookBack } from './read/look-back.ts';
export { malformedResponse } from './read/malformed-response.ts';
export { pagesGuard } from './read/pages-guard.ts';
export { accessOf, isRefusal } from './read/stream-access.ts';
export { runTap } from './run-tap.ts';
