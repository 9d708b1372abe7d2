import { readFileSync } from 'node:fs';
import { until } from '@pipeline/resilience';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';

const ENDED_MS = 10_000;
const POLL_MS = 10;

/** Kills a process, then what it had started, and waits until all have ended. A session of PostgreSQL that is at work does not notice that
 *  its server is gone, and a new server does not start beside it. */
export async function killTree(pid: number): Promise<void> {
  const tree = [identify(pid), ...children(pid)].filter((known) => known !== undefined);
  for (const known of tree) if (isRunning(known)) process.kill(known.pid, 'SIGKILL');
  const haveEnded = await until(() => !tree.some(isRunning), { everyMs: POLL_MS, forMs: ENDED_MS });
  if (!haveEnded) throw new Error(`process ${pid} or one of its children does not end`);
}

/** Linux only, proc(5). Elsewhere children are left to notice it by themselves. */
function children(pid: number): (ProcessIdentity | undefined)[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return list === '' ? [] : list.split(' ').map((child) => identify(Number(child)));
  } catch {
    return [];
  }
}
