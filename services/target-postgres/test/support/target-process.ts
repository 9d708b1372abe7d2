import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const PROGRAM = join(import.meta.dirname, '../../src/main.ts');
const HOOK = `data:text/javascript,process.on('exit',()=>console.error('peak '+process.resourceUsage().maxRSS))`;

export interface TargetProcess {
  child: ChildProcessByStdio<Writable, Readable, Readable>;
  input: Writable;
  /** Standard output and standard error so far. */
  states: () => string;
  log: () => string;
  /** The exit code, when everything was written. */
  ended: Promise<number | null>;
  /** Largest resident memory, with Node itself; when it has ended. */
  peakMegabytes: () => number;
}

/** Starts the program as a person does, with its own options of Node. */
export function startTargetProcess(config: object): TargetProcess {
  const folder = mkdtempSync(join(tmpdir(), 'target-process-'));
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  const env = { ...process.env, NODE_OPTIONS: `--import "${HOOK}"` };
  const child = spawn(PROGRAM, ['--config', file], { stdio: ['pipe', 'pipe', 'pipe'], env });
  let [states, log] = ['', ''];
  child.stdout.on('data', (data) => {
    states += String(data);
  });
  child.stderr.on('data', (data) => {
    log += String(data);
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => rmSync(folder, { recursive: true }));
  return {
    child,
    input: child.stdin,
    states: () => states,
    log: () => log,
    ended,
    peakMegabytes: () => Number(/peak (\d+)/.exec(log)?.[1]) / 1024,
  };
}

/** Runs it with this input, of which a piece is made when the one before it was read. */
export async function runTargetProcess(config: object, input: Iterable<string>): Promise<TargetProcess> {
  const run = startTargetProcess(config);
  for (const piece of input) {
    if (!run.input.write(piece)) await Promise.race([new Promise((go) => run.input.once('drain', go)), run.ended]);
  }
  run.input.end();
  await run.ended;
  return run;
}
