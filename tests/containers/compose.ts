import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const COMMAND_TIMEOUT_MS = 20 * 60_000;

/** Any free port: several projects fit on one machine. */
const FREE_PORTS = {
  SCHEDULER_PORT: '0',
  POSTGRES_PORT: '0',
  RABBITMQ_MANAGEMENT_PORT: '0',
  SANDBOX_CONTROL_PORT: '0',
};

/** One Compose project with the profile demo, on free ports, under a name of its own. */
export class Compose {
  readonly project = `pipeline-test-${randomBytes(4).toString('hex')}`;
  readonly #environment: Record<string, string>;
  /** Asking costs Docker Compose half a second of work. */
  readonly #addresses = new Map<string, string>();

  constructor(environment: Record<string, string> = {}) {
    this.#environment = { ...FREE_PORTS, ...environment };
  }

  /** `docker compose …`; returns standard output. @throws with standard error when it fails. */
  run(...args: string[]): string {
    return docker(['compose', '--project-name', this.project, '--profile', 'demo', ...args], {
      ...process.env,
      ...this.#environment,
    });
  }

  /** Names of the running containers of a service. */
  containers(service: string): string[] {
    return this.run('ps', '--format', '{{.Name}}', service).split('\n').filter(Boolean);
  }

  /** `127.0.0.1:32768`. A container that is restarted gets another one. */
  address(service: string, port: number): string {
    const known = this.#addresses.get(service) ?? this.run('port', service, String(port)).trim();
    this.#addresses.set(service, known);
    return known;
  }

  restart(service: string): void {
    this.run('restart', service);
    this.#addresses.delete(service);
  }

  /** What the set-up has prepared for a container. */
  secret(service: string, name: string): string {
    return this.run('exec', '-T', service, 'cat', `/run/pipeline/${name}`);
  }

  remove(): void {
    this.run('down', '--volumes', '--remove-orphans', '--timeout', '10');
  }
}

/** `docker …`; returns standard output. @throws with standard error when it fails. */
export function docker(args: string[], env: NodeJS.ProcessEnv = process.env): string {
  const options: SpawnSyncOptionsWithStringEncoding = {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES_MAX,
    timeout: COMMAND_TIMEOUT_MS,
  };
  const { status, stdout, stderr } = spawnSync('docker', args, options);
  if (status !== 0) throw new Error(`docker ${args.join(' ')} failed: ${stderr.slice(-4_000)}`);
  return stdout;
}

/** SIGKILL to every process of a container, from within: unlike `docker kill` this is a crash, after which Docker starts it again. */
export function crash(container: string): void {
  spawnSync('docker', ['exec', container, 'sh', '-c', 'kill -9 -1']);
}
