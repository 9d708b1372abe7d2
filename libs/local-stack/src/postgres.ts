import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createPool, isTransient, quoteIdent } from '@pipeline/postgres';
import { until } from '@pipeline/resilience';
import { type Child, describeExit, type Exit, logTail, startChild } from './child-process.ts';
import { endLeftover } from './pid-file.ts';
import { LOOPBACK, rememberedPorts } from './ports.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { rememberedSecret } from './remembered-secret.ts';
import { type Unprivileged, unprivileged } from './unprivileged.ts';

export interface PostgresOptions {
  /** Holds the cluster, its password, port and log. A second start goes on with what is there. */
  dataDir: string;
  /** @default the port of the last start, at first a free one */
  port?: number;
  /** Made when missing. @default 'postgres' */
  database?: string;
  /** Server settings by name, such as `max_connections`. */
  settings?: Record<string, string | number>;
}

export interface PostgresServer {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  pid: number;
  logFile: string;
  /** Settles when the server has ended, asked for or not. */
  exited: Promise<Exit>;
  /** Cuts all connections, writes a checkpoint and ends. */
  stop(): Promise<void>;
  /** Ends it with all its sessions without a word, as a power cut would. */
  kill(): Promise<void>;
}

const USER = 'postgres';
/** A crash recovery of a large cluster is the longest. */
const START_TIMEOUT_MS = 120_000;
/** PostgreSQL's fast shutdown; SIGTERM would wait for every client to go. */
const STOP_SIGNAL = 'SIGINT';
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 100;

/** Starts PostgreSQL as a local process, from the binaries that npm installed; it listens on 127.0.0.1 only.
 *  @throws when it does not respond in time, with the end of its log. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { dataDir, database = USER, settings = {} } = options;
  const cluster = join(dataDir, 'cluster');
  const logFile = join(dataDir, 'postgres.log');
  const pidFile = join(dataDir, 'postgres.pid');
  const as = unprivileged();
  makeFolder(dataDir, as);
  await endLeftover(pidFile, STOP_SIGNAL);
  const password = rememberedSecret(join(dataDir, 'password'));
  if (!existsSync(cluster)) await initialise(cluster, password, as);
  removeStaleLock(cluster);
  const port = options.port ?? (await rememberedPorts(join(dataDir, 'ports.json'), ['postgres'])).postgres;
  const child = await startChild({
    ...as.wrap(postgresBinaries().postgres, ['-D', cluster, ...settingArgs({ ...listening(port), ...settings })]),
    cwd: dataDir,
    env: environment(),
    output: logFile,
    pidFile,
  });
  const server = {
    host: LOOPBACK,
    port,
    user: USER,
    password,
    database,
    pid: child.pid,
    logFile,
    exited: child.exited,
    stop: async () => void (await child.stop(STOP_SIGNAL, STOP_TIMEOUT_MS)),
    kill: async () => void (await child.kill()),
  };
  try {
    await waitForResponse(server, child);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Under a name of its own until it is complete: a killed initdb leaves no half cluster behind. */
async function initialise(cluster: string, password: string, as: Unprivileged): Promise<void> {
  const draft = `${cluster}.new`;
  const passwordFile = `${cluster}.password`;
  rmSync(draft, { recursive: true, force: true });
  makeFolder(draft, as);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (as.owner !== undefined) chownSync(passwordFile, as.owner.uid, as.owner.gid);
  const { command, args } = as.wrap(postgresBinaries().initdb, [
    `--pgdata=${draft}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order of text on every machine, whatever locales it has.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]);
  await promisify(execFile)(command, args, { env: environment() });
  rmSync(passwordFile);
  renameSync(draft, cluster);
}

/** PostgreSQL believes its lock file when any process of this user has the number in it, after a crash often a stranger. */
function removeStaleLock(cluster: string): void {
  const lock = join(cluster, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  if (!commandLine(pid).includes('postgres')) rmSync(lock);
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // Nobody, or a system without /proc, where PostgreSQL decides.
    return process.platform === 'linux' ? '' : 'postgres';
  }
}

function listening(port: number): Record<string, string | number> {
  return { listen_addresses: LOOPBACK, port, unix_socket_directories: '' };
}

function settingArgs(settings: Record<string, string | number>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function waitForResponse(server: PostgresServer, child: Child): Promise<void> {
  let refusal: unknown;
  const responds = async () => {
    if (child.hasExited()) {
      throw new Error(`PostgreSQL ended with ${describeExit(await child.exited)}:\n${logTail(server.logFile)}`);
    }
    refusal = await ensureDatabase(server).catch((error: unknown) => error);
    if (refusal !== undefined && !isTransient(refusal)) throw refusal;
    return refusal === undefined;
  };
  if (!(await until(responds, { everyMs: POLL_MS, forMs: START_TIMEOUT_MS }))) throw refusal;
}

async function ensureDatabase(server: PostgresServer): Promise<void> {
  const pool = createPool({
    ...server,
    database: USER,
    sslmode: 'disable',
    applicationName: 'local-stack',
    poolSize: 1,
  });
  try {
    const { rowCount } = await pool.query('select from pg_database where datname = $1', [server.database]);
    if (rowCount === 0) await pool.query(`create database ${quoteIdent(server.database)}`);
  } finally {
    await pool.end();
  }
}

function makeFolder(path: string, { owner }: Unprivileged): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (owner !== undefined) chownSync(path, owner.uid, owner.gid);
}

/** Nothing of the caller's: PGDATA or PGPORT would change what the server does. */
function environment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
