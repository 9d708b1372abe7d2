import { type Compose, docker } from './compose.ts';

const MIB = 1024 * 1024;
const UNITS: Record<string, number> = { B: 1, KiB: 1024, MiB: MIB, GiB: 1024 * MIB };

/** Takes 1 GiB, which is more than a loader may have. */
const TAKE_MEMORY = `node -e 'const all = []; for (let i = 0; i < 64; i += 1) all.push(Buffer.alloc(16 * 1024 * 1024, 1))'
echo "ended with $?" >&2; exit 1`;
/** Starts more processes than a container may have. */
const TAKE_PROCESSES = 'for i in $(seq 400); do sleep 3 & done; wait';

/** How a loader's container ends that takes more than it may have: of memory by the kernel, of processes by the shell. */
export function excesses(compose: Compose): { memory: string; processes: string } {
  return {
    memory: endOf(compose, TAKE_MEMORY),
    processes: endOf(compose, TAKE_PROCESSES),
  };
}

function endOf(compose: Compose, script: string): string {
  try {
    compose.run('run', '--rm', '--no-deps', '-T', 'loader', 'sh', '-c', script);
    return 'ended well';
  } catch (error) {
    return String(error);
  }
}

/** Memory that all containers of the project use together, in bytes. */
export function memoryInUse(compose: Compose): number {
  const names = compose.run('ps', '--format', '{{.Name}}').split('\n').filter(Boolean);
  const usages = docker(['stats', '--no-stream', '--format', '{{.MemUsage}}', ...names])
    .trim()
    .split('\n');
  return usages.reduce((sum, usage) => {
    const [, amount, unit = ''] = /^([\d.]+)(\w+) /.exec(usage) ?? [];
    return sum + Number(amount) * (UNITS[unit] ?? Number.NaN);
  }, 0);
}

/** Files that Node finds compiled when it runs in a container. */
export function compiledFiles(container: string): number {
  const count = `const { readdirSync } = require('node:fs'), { getCompileCacheDir } = require('node:module');
    console.log(readdirSync(getCompileCacheDir()).length)`;
  return Number(docker(['exec', container, 'node', '-e', count]));
}
