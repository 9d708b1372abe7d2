import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { until } from '@pipeline/resilience';
import { z } from 'zod';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';

const Identity = z.strictObject({ pid: z.int().positive(), startedAt: z.string() });
const PidFile = z.strictObject({ child: Identity, owner: Identity });

/** Time a left-over process has to end by itself before it is killed. A database writes a checkpoint in it. */
const LEFTOVER_STOP_MS = 30_000;
const KILLED_MS = 5_000;
const POLL_MS = 50;

/** Notes a child process and that this process owns it. */
export function writePidFile(path: string, pid: number): void {
  const [child, owner] = [identify(pid), identify(process.pid)];
  // A child that has ended already needs no note.
  if (child !== undefined && owner !== undefined) writeFileSync(path, JSON.stringify({ child, owner }));
}

/** A file that is not there is no error. */
export function removePidFile(path: string): void {
  rmSync(path, { force: true });
}

/** Ends the process of a pid file whose owner was killed before it could. A missing file, an unreadable one and one of a
 *  process that has ended are no obstacle. @throws when the owner is alive: the folder is in use. */
export async function endLeftover(path: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const noted = readPidFile(path);
  if (noted !== undefined && isRunning(noted.child)) {
    if (isRunning(noted.owner)) {
      throw new Error(`${path}: process ${noted.child.pid} is in use by process ${noted.owner.pid}, stop that first`);
    }
    await end(noted.child, signal);
  }
  removePidFile(path);
}

function readPidFile(path: string): z.infer<typeof PidFile> | undefined {
  try {
    return PidFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

async function end(leftover: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  process.kill(leftover.pid, signal);
  if (await hasEnded(leftover, LEFTOVER_STOP_MS)) return;
  process.kill(leftover.pid, 'SIGKILL');
  if (!(await hasEnded(leftover, KILLED_MS))) throw new Error(`process ${leftover.pid} does not end`);
}

function hasEnded(leftover: ProcessIdentity, forMs: number): Promise<boolean> {
  return until(() => !isRunning(leftover), { everyMs: POLL_MS, forMs });
}
