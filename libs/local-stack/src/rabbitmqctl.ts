import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { RabbitmqProgram } from './rabbitmq-program.ts';

/** It starts an Erlang of its own, which takes seconds on a busy machine. */
const TIMEOUT_MS = 60_000;

/** Runs `rabbitmqctl` for the node that this environment names: what the management API cannot do, such as `set_disk_free_limit 50MB`.
 *  @throws with what it says when it fails. */
export async function rabbitmqctl(
  { server }: RabbitmqProgram,
  env: Record<string, string>,
  args: string[],
): Promise<string> {
  const program = join(dirname(server), 'rabbitmqctl');
  const { stdout } = await promisify(execFile)(program, ['--quiet', ...args], { env, timeout: TIMEOUT_MS });
  return stdout;
}
