export { createLogThrottle, type LogThrottle } from './log-throttle.ts';
export { type Loop, type LoopErrors, startLoop } from './loop.ts';
