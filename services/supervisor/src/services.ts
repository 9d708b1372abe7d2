import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Exit, endLeftover, LOOPBACK, rememberedPorts, startChild } from '@pipeline/local-stack';
import { type Environment, EXIT_CODES, nodeOptions } from '@pipeline/service/config';
import type { CommandLine } from './command-line.ts';
import { knownSources, mainFile } from './installation.ts';
import { memorySettings } from './memory.ts';
import { type ServiceVariables, serviceVariables } from './service-variables.ts';
import type { ExitAction, Program } from './supervised.ts';

export interface ServicesOptions {
  dataDir: string;
  /** Of all services: each is given what it declares. */
  environment: Environment;
  /** What one service is given besides: its users of database and broker. */
  environmentOf: (service: string) => Environment;
  commandLine: CommandLine;
  /** The sources whose taps are started. */
  sources: string[];
  /** Called for every line that a service writes. */
  print: (line: string) => void;
}

/** Services stop within 10 s by themselves; who has not is killed. */
const STOP_TIMEOUT_MS = 12_000;

/** The services of a run, each with a port of its own for health, metrics and the page. */
export async function servicePrograms(options: ServicesOptions): Promise<(Program & { port: number })[]> {
  const { dataDir, commandLine, sources } = options;
  const taps = sources.map((source) => `tap-${source}`);
  const names = [...(commandLine.isDemo ? ['sandbox'] : []), 'scheduler', 'loader', 'dbt-runner', ...taps];
  const ports = await rememberedPorts(join(dataDir, 'ports.json'), names);
  const variables = await serviceVariables(names, knownSources());
  mkdirSync(join(dataDir, 'run'), { recursive: true });
  const actionAfter = exitPolicy(commandLine, taps);
  return names.map((name) => {
    const port = ports[name] ?? 0;
    return {
      name,
      port,
      start: () => startService(name, port, { ...options, variables }),
      actionAfter: (exit) => actionAfter(name, exit),
    };
  });
}

/** What the end of a service means. A tap without credentials stays off, as long as another one runs and nobody asked for it. */
export function exitPolicy({ isOnce, sources: asked }: CommandLine, taps: string[]) {
  const remaining = new Set(taps);
  return (name: string, { code }: Exit): ExitAction => {
    if (code === EXIT_CODES.configuration) {
      remaining.delete(name);
      const isWanted = !taps.includes(name) || asked.includes(name.slice('tap-'.length)) || remaining.size === 0;
      return isWanted ? { exitCode: code } : 'off';
    }
    // Killed by a signal, the scheduler goes on with its cycle when it is started again.
    if (name === 'scheduler' && isOnce && code !== null) return { exitCode: code };
    return 'restart';
  };
}

async function startService(
  name: string,
  port: number,
  { dataDir, environment, variables, environmentOf, print }: ServicesOptions & { variables: ServiceVariables },
) {
  const pidFile = join(dataDir, 'run', `${name}.pid`);
  await endLeftover(pidFile);
  const child = await startChild({
    command: process.execPath,
    args: [...nodeOptions(name), mainFile(name)],
    // There is no .env here: the environment below is all there is.
    cwd: dataDir,
    env: {
      LOG_FORMAT: 'pretty',
      NODE_COMPILE_CACHE: join(dataDir, 'compile-cache'),
      ...variables.of(name, environment),
      ...memorySettings(name, environment),
      ...environmentOf(name),
      HTTP_HOST: LOOPBACK,
      HTTP_PORT: String(port),
    },
    output: (line) => print(isFormatted(line) ? line : `[system] ${name}: ${line}`),
    pidFile,
  });
  return { exited: child.exited, stop: () => child.stop('SIGTERM', STOP_TIMEOUT_MS) };
}

/** A line of the service's own log, or one that goes on; the rest comes from Node itself. */
function isFormatted(line: string): boolean {
  return /^[[{\s]|^$/.test(line);
}
