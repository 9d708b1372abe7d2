import { CONNECTIONS_VARIABLE } from './connections.ts';
import { startTestStack } from './test-stack.ts';

/** Jest's `globalSetup`: one stack for all test files of a run. */
export default async function setup(): Promise<void> {
  if (process.env[CONNECTIONS_VARIABLE] !== undefined) return;
  const stack = await startTestStack();
  process.env[CONNECTIONS_VARIABLE] = JSON.stringify(stack.connections);
  globalThis.stopTestStack = stack.stop;
}

declare global {
  // Jest offers no other way from set-up to tear-down.
  var stopTestStack: (() => Promise<void>) | undefined;
}
