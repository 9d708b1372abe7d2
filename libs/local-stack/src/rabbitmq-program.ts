import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { errorMessage } from '@pipeline/protocol';
import { unpackDebianPackages } from './debian-packages.ts';

export interface RabbitmqProgram {
  /** The script `rabbitmq-server`. */
  server: string;
  /** Erlang's port mapper. */
  epmd: string;
  /** A PATH that finds Erlang. */
  path: string;
}

const SERVER_SCRIPT = 'usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server';
const ERLANG = 'usr/lib/erlang';
const HOW_TO_GET_ONE = 'install RabbitMQ, or name a broker with RABBITMQ_URL';

/** A RabbitMQ to run: the installed one, else the one unpacked earlier, else Debian's packages unpacked into `cacheDir`, where
 *  all runs of this user find it. @throws with one line that says how to get one. */
export async function rabbitmqProgram(cacheDir = defaultCacheDir()): Promise<RabbitmqProgram> {
  const installed = inFolder('/') ?? onPath();
  if (installed !== undefined) return installed;
  const folder = join(cacheDir, `rabbitmq-${systemName()}`);
  if (!existsSync(folder)) await unpack(folder);
  const unpacked = inFolder(folder);
  if (unpacked === undefined) throw new Error(`no RabbitMQ in ${folder}: remove that folder, or ${HOW_TO_GET_ONE}`);
  return unpacked;
}

/** `/usr/sbin/rabbitmq-server` of a Debian system insists on its own user; the script behind it does not. */
function inFolder(root: string): RabbitmqProgram | undefined {
  const server = globSync(join(root, SERVER_SCRIPT))[0];
  const erlang = join(root, ERLANG, 'bin');
  const epmd = globSync(join(root, ERLANG, 'erts-*/bin/epmd'))[0];
  if (server === undefined || epmd === undefined) return undefined;
  return { server, epmd, path: [erlang, process.env['PATH'] ?? ''].join(delimiter) };
}

/** Homebrew's, or one that somebody put there. */
function onPath(): RabbitmqProgram | undefined {
  const path = process.env['PATH'] ?? '';
  const find = (name: string) =>
    path
      .split(delimiter)
      .map((folder) => join(folder, name))
      .find((file) => existsSync(file));
  const server = find('rabbitmq-server');
  const epmd = find('epmd');
  const isDebianWrapper = server?.startsWith('/usr/sbin/') ?? false;
  return server === undefined || epmd === undefined || isDebianWrapper ? undefined : { server, epmd, path };
}

async function unpack(folder: string): Promise<void> {
  // Two runs may do this at once; the first to finish gives its folder the name.
  const draft = `${folder}.${process.pid}`;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    await unpackDebianPackages(draft, 'rabbitmq-server', (dependency) => dependency.startsWith('erlang-'));
    relocateErlang(join(draft, ERLANG), join(folder, ERLANG));
    if (!existsSync(folder)) renameSync(draft, folder);
  } catch (cause) {
    throw new Error(`RabbitMQ's Debian packages cannot be had (${firstLine(cause)}): ${HOW_TO_GET_ONE}`, { cause });
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Debian's start scripts know the folder they are packaged for and no other. */
function relocateErlang(erlang: string, home: string): void {
  for (const bin of globSync(join(erlang, '{bin,erts-*/bin}'))) {
    for (const name of readdirSync(bin).filter((name) => name === 'erl' || name === 'start')) {
      const script = readFileSync(join(bin, name), 'utf8');
      writeFileSync(join(bin, name), script.replaceAll(`ROOTDIR=/${ERLANG}`, `ROOTDIR="${home}"`));
    }
  }
}

function defaultCacheDir(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'pipeline');
}

/** Such as `debian-12-x64`: a home folder may be shared between machines. */
function systemName(): string {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const value = (key: string) => new RegExp(`^${key}="?([\\w.]+)"?$`, 'm').exec(release)?.[1] ?? 'unknown';
  return `${value('ID')}-${value('VERSION_ID')}-${process.arch}`;
}

function firstLine(error: unknown): string {
  return errorMessage(error).split('\n')[0] ?? '';
}
