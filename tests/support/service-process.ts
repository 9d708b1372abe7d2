import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nodeOptions } from '@pipeline/service/config';
import { programEnvironment } from '@pipeline/testing';

/** A service of the platform as a process of its own, as run.sh and the containers start it. */
export interface ServiceProcess {
  name: string;
  pid: number;
  /** Everything it has written. */
  log(): string;
  isRunning(): boolean;
  /** Where it is reached: the page of the scheduler, health and metrics of the others. @throws before it serves. */
  url(): string;
  /** Where `/readyz` and `/metrics` are. @throws before it serves. */
  probesUrl(): string;
  /** The signal that ended it. */
  killedBy(): NodeJS.Signals | null;
  /** Settles with that signal. */
  ended: Promise<NodeJS.Signals | null>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it as Docker would, and returns its exit code. */
  stop(): Promise<number | null>;
  /** Ends it without a word. */
  kill(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '../..');
const LOG_CHARS_MAX = 2_000_000;
const served = (what: string) => new RegExp(`"port":(\\d+)[^}]*"msg":"${what}`);
const PROBES = served('health and metrics are served');
const PAGE = served('the page is served');

export function startService(
  name: string,
  environment: Record<string, string>,
  { folder = `services/${name}`, cwd = ROOT }: { folder?: string | undefined; cwd?: string } = {},
): ServiceProcess {
  const child = spawn(process.execPath, [...nodeOptions(name), join(ROOT, folder, 'src/main.ts')], {
    cwd,
    env: { ...programEnvironment(), HTTP_PORT: '0', LOG_FORMAT: 'json', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  let probes: string | undefined;
  let page: string | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-LOG_CHARS_MAX);
      probes ??= PROBES.exec(log)?.[1];
      page ??= PAGE.exec(log)?.[1];
    });
  }
  const addressAt = (port: string | undefined): string => {
    if (port === undefined) throw new Error(`${name} does not serve yet`);
    return `http://127.0.0.1:${port}`;
  };
  return {
    name,
    // Undefined when it could not be started.
    pid: child.pid ?? 0,
    log: () => log,
    url: () => addressAt(name === 'scheduler' ? page : probes),
    probesUrl: () => addressAt(probes),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    killedBy: () => child.signalCode,
    ended: once(child, 'exit').then(() => child.signalCode),
    signal: (signal) => void child.kill(signal),
    stop: () => end(child, 'SIGTERM'),
    kill: async () => void (await end(child, 'SIGKILL')),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  }
  return child.exitCode;
}
