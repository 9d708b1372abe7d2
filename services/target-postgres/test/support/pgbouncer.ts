import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, freePort, LOOPBACK, startChild, unpackDebianPackages } from '@pipeline/local-stack';
import type { DatabaseOptions } from '@pipeline/postgres';
import { waitFor } from '@pipeline/testing';

export interface Pgbouncer {
  host: string;
  port: number;
  stop: () => Promise<void>;
}

const STOP_TIMEOUT_MS = 5_000;
/** Fewer than the clients, so that they share. */
const SERVER_CONNECTIONS = 3;

/** Starts a pgbouncer of its own before a database: it lends a server connection for one transaction, with the settings that it comes with otherwise. */
export async function startPgbouncer({ host, port, database, user, password }: DatabaseOptions): Promise<Pgbouncer> {
  const program = await pgbouncerProgram();
  const folder = mkdtempSync(join(tmpdir(), 'pgbouncer-'));
  // As root it runs as nobody.
  chmodSync(folder, 0o755);
  const listenPort = await freePort();
  const config = join(folder, 'pgbouncer.ini');
  writeFileSync(join(folder, 'users.txt'), `"${user}" "${password}"\n`);
  writeFileSync(
    config,
    [
      '[databases]',
      `${database} = host=${host} port=${port} dbname=${database} user=${user} password=${password}`,
      '[pgbouncer]',
      'pool_mode = transaction',
      `default_pool_size = ${SERVER_CONNECTIONS}`,
      `listen_addr = ${LOOPBACK}`,
      `listen_port = ${listenPort}`,
      'unix_socket_dir =',
      'auth_type = trust',
      `auth_file = ${join(folder, 'users.txt')}`,
    ].join('\n'),
  );
  const isRoot = process.getuid?.() === 0;
  const child: Child = await startChild({
    command: program.command,
    args: [...(isRoot ? ['-u', 'nobody'] : []), config],
    cwd: folder,
    env: { LD_LIBRARY_PATH: program.libraries, PATH: process.env['PATH'] ?? '' },
    output: join(folder, 'log'),
    pidFile: join(folder, 'pid'),
  });
  await waitFor(() => isListening(listenPort), { what: 'pgbouncer to listen' });
  return {
    host: LOOPBACK,
    port: listenPort,
    stop: async () => {
      await child.stop('SIGINT', STOP_TIMEOUT_MS);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The installed one, or Debian's package unpacked where all runs of this user find it. */
async function pgbouncerProgram(): Promise<{ command: string; libraries: string }> {
  const installed = '/usr/sbin/pgbouncer';
  if (existsSync(installed)) return { command: installed, libraries: '' };
  const folder = join(
    process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
    'pipeline',
    `pgbouncer-${process.arch}`,
  );
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    mkdirSync(join(folder, '..'), { recursive: true });
    await unpackDebianPackages(draft, 'pgbouncer', (name) => /^(libc-ares2|libevent-)/.test(name));
    if (!existsSync(folder)) renameSync(draft, folder);
    rmSync(draft, { recursive: true, force: true });
  }
  const machine = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return { command: join(folder, 'usr/sbin/pgbouncer'), libraries: join(folder, 'usr/lib', machine) };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
