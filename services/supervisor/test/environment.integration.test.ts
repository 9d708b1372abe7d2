import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '@pipeline/local-stack';
import { mainFile } from '../src/installation.ts';
import { servicePrograms } from '../src/services.ts';
import type { Running } from '../src/supervised.ts';

const SOURCES = ['hubspot', 'wrike', 'xero'];
const taps = SOURCES.map((source) => `tap-${source}`);
const secret = (name: string) => `canary-${name}`;
/** Each secret that a user may set, and the services that need it. */
const NEEDED_BY: Record<string, string[]> = {
  HUBSPOT_TOKEN: ['tap-hubspot'],
  HUBSPOT_CLIENT_SECRET: ['tap-hubspot'],
  HUBSPOT_REFRESH_TOKEN_FILE: ['tap-hubspot'],
  WRIKE_PERMANENT_TOKEN: ['tap-wrike'],
  WRIKE_CLIENT_SECRET: ['tap-wrike'],
  XERO_CLIENT_SECRET: ['tap-xero'],
  XERO_REFRESH_TOKEN: ['tap-xero'],
  CREDENTIALS_KEY: ['scheduler', ...taps],
  API_TOKEN: ['scheduler'],
  WEBHOOK_SECRETS: ['scheduler'],
  SMTP_URL: ['scheduler'],
  HTTPS_PROXY: ['scheduler', ...taps],
  // Named in a configuration that is applied, so the scheduler reads it.
  ACME_HUBSPOT_TOKEN: ['scheduler'],
};
const SERVICES = ['loader', 'dbt-runner', 'scheduler', 'sandbox', ...taps];

/** What a process was started with, as the kernel tells it. */
function environmentOf(pid: number): Map<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
}

const secretsIn = (given: Map<string, string> | undefined) =>
  [...(given?.keys() ?? [])].filter((name) => name in NEEDED_BY).sort();

describe('a service that run.sh starts', () => {
  let dataDir: string;
  const running: Running[] = [];
  /** Of each service, read at once: what it makes of its variables, and how long it lives with them, is not asked here. */
  const given = new Map<string, Map<string, string>>();
  const pidFile = (service: string) => join(dataDir, 'run', `${service}.pid`);
  const pidOf = (service: string): number => JSON.parse(readFileSync(pidFile(service), 'utf8')).child.pid;
  const environment = {
    ...Object.fromEntries(Object.keys(NEEDED_BY).map((name) => [name, secret(name)])),
    // Nothing listens there.
    ...{ DB_HOST: '127.0.0.1', DB_PORT: '1', DB_DATABASE: 'none', DB_USERNAME: 'none', DB_PASSWORD: 'none' },
    ...{ RABBITMQ_URL: 'amqp://127.0.0.1:1', LOG_LEVEL: 'error', TAP_CONCURRENCY: '2', SANDBOX_SEED: '7' },
    PATH: process.env['PATH'] ?? '',
  };
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'run-sh-'));
    const programs = await servicePrograms({
      dataDir,
      environment,
      environmentOf: () => ({}),
      commandLine: { isDemo: true, isInstall: false, isOnce: false, sources: [] },
      sources: SOURCES,
      print: () => undefined,
    });
    for (const program of programs) {
      running.push(await program.start());
      given.set(program.name, environmentOf(pidOf(program.name)));
    }
  });
  afterAll(async () => {
    await Promise.all(running.map((program) => program.stop()));
    rmSync(dataDir, { recursive: true });
  });

  it.each(SERVICES)('%s has the secrets that it needs in its environment, and no others', (service) => {
    const needed = Object.keys(NEEDED_BY).filter((name) => NEEDED_BY[name]?.includes(service));
    expect(secretsIn(given.get(service))).toEqual(needed.sort());
  });

  it('has its settings and what every process of the machine has', () => {
    const loader = given.get('loader');
    expect(loader?.get('DB_DATABASE')).toBe('none');
    expect(loader?.get('PATH')).toBe(environment.PATH);
    expect(loader?.has('TAP_CONCURRENCY')).toBe(false);
    expect(given.get('tap-xero')?.get('TAP_CONCURRENCY')).toBe('2');
    expect(given.get('sandbox')?.get('SANDBOX_SEED')).toBe('7');
    expect(given.get('sandbox')?.has('DB_PASSWORD')).toBe(false);
  });

  it('would have the secrets of all of them if it were given every variable (mutation)', async () => {
    const file = pidFile('mutant');
    const options = { command: process.execPath, args: [mainFile('loader')], cwd: dataDir, output: () => undefined };
    const mutant = await startChild({ ...options, env: { ...environment, HTTP_PORT: '0' }, pidFile: file });
    expect(secretsIn(environmentOf(mutant.pid))).toEqual(Object.keys(NEEDED_BY).sort());
    await mutant.kill();
  });
});
