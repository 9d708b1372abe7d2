import { errorMessage } from '@pipeline/protocol';
import type { TestStack } from './connections.ts';
import { startContainers } from './containers.ts';
import { startLocalServers } from './local-servers.ts';

const starters = { containers: startContainers, local: startLocalServers };
const kinds = ['containers', 'local'] as const;

/** Starts PostgreSQL and RabbitMQ: as containers where a Docker engine responds, else as local processes.
 *  `TEST_STACK=containers` or `TEST_STACK=local` asks for one kind. Says on standard error which one it was.
 *  @throws when no kind starts, with the reason of each: without servers the tests fail, they are not skipped. */
export async function startTestStack(wanted = process.env['TEST_STACK']): Promise<TestStack> {
  if (wanted !== undefined && wanted !== '' && !kinds.some((kind) => kind === wanted)) {
    throw new Error(`TEST_STACK is one of ${kinds.join(', ')}, not "${wanted}"`);
  }
  const reasons: string[] = [];
  for (const kind of kinds.filter((kind) => !wanted || kind === wanted)) {
    try {
      const stack = await starters[kind]();
      process.stderr.write(`test stack: ${kind}${reasons.map((reason) => ` (no ${reason})`).join('')}\n`);
      return stack;
    } catch (error) {
      reasons.push(`${kind}: ${errorMessage(error)}`);
    }
  }
  throw new Error(`PostgreSQL and RabbitMQ for the tests did not start:\n  ${reasons.join('\n  ')}`);
}
