import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { within } from '@pipeline/resilience';
import { removePidFile, writePidFile } from './pid-file.ts';
import { killTree } from './process-tree.ts';

export interface ChildOptions {
  command: string;
  args: string[];
  cwd: string;
  /** All of it: nothing is inherited. */
  env: Record<string, string>;
  /** Takes what the child writes to standard output and standard error: a log file, or a function called for each line. */
  output: string | ((line: string) => void);
  /** Lets a later start end this child if we are killed; see `endLeftover`. */
  pidFile: string;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Child {
  pid: number;
  /** Settles when the process has ended, for whatever reason; never rejects. */
  exited: Promise<Exit>;
  hasExited(): boolean;
  /** Sends the signal; SIGKILL to its whole process group when it still runs after `timeoutMs`. */
  stop(signal: NodeJS.Signals, timeoutMs: number): Promise<Exit>;
  /** Ends it and all that it has started without a word, as a power cut would. */
  kill(): Promise<Exit>;
}

/** A log is started anew at a start that finds it larger, in bytes; the one before it is kept. */
const LOG_BYTES_MAX = 16 * 1024 * 1024;
const LOG_TAIL_LINES = 8;

/** Starts a program in a process group of its own, so that Ctrl-C in a terminal reaches us alone and we stop things in order.
 *  @throws when it cannot be executed. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { command, args, cwd, env, output, pidFile } = options;
  const log = typeof output === 'string' ? openLog(output) : 'pipe';
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', log, log] });
  if (typeof log === 'number') closeSync(log);
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null && typeof output === 'function') createInterface({ input: stream }).on('line', output);
  }
  const exit = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command} has no process number`);
  writePidFile(pidFile, pid);
  const exited = exit.then((how) => {
    removePidFile(pidFile);
    return how;
  });
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  return {
    pid,
    exited,
    hasExited,
    stop: async (signal, timeoutMs) => {
      if (!hasExited()) child.kill(signal);
      if ((await within(exited, timeoutMs, 'late')) === 'late') killGroup(pid);
      return exited;
    },
    kill: async () => {
      if (!hasExited()) await killTree(pid);
      return exited;
    },
  };
}

/** The last lines of a log, for an error that says why a program ended. */
export function logTail(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
}

/** How a process ended, in words: `exit code 1`, or the signal. */
export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `exit code ${code}` : signal;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}

function openLog(logFile: string): number {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_BYTES_MAX) renameSync(logFile, `${logFile}.1`);
  return openSync(logFile, 'a');
}
