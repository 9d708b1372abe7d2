import type { TestStack } from './test-stack.ts';

export async function startLocalServers(): Promise<TestStack> {
  throw new Error('not yet');
}
