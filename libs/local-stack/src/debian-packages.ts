import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const COMMAND_TIMEOUT_MS = 300_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** Downloads Debian packages and unpacks them into `folder`, which it makes. Nothing is installed: no root is needed and nothing
 *  else of the machine changes. `root` is taken with those of its dependencies that `wants` accepts.
 *  @throws when the package is not to be had. */
export async function unpackDebianPackages(
  folder: string,
  root: string,
  wants: (dependency: string) => boolean,
): Promise<void> {
  const work = `${folder}.download`;
  rmSync(work, { recursive: true, force: true });
  try {
    // The machine's own package lists are the quickest, but they may be missing or out of date.
    await download(work, root, wants, []).catch(() => downloadWithFreshLists(work, root, wants));
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
      await command('dpkg', ['-x', join(work, file), folder]);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function downloadWithFreshLists(work: string, root: string, wants: (name: string) => boolean): Promise<void> {
  const lists = join(work, 'lists');
  const cache = join(work, 'cache');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  mkdirSync(join(cache, 'archives', 'partial'), { recursive: true });
  const options = [`-oDir::State::Lists=${lists}`, `-oDir::Cache=${cache}`];
  await command('apt-get', [...options, ...sandbox, 'update']);
  await download(work, root, wants, options);
}

async function download(
  work: string,
  root: string,
  wants: (name: string) => boolean,
  options: string[],
): Promise<void> {
  mkdirSync(work, { recursive: true });
  const dependencies = await command('apt-cache', [
    ...options,
    'depends',
    '--recurse',
    ...['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((kind) => `--no-${kind}`),
    root,
  ]);
  // A line without an indent is a package, in angle brackets when it is only a name that others provide.
  const packages = dependencies.split('\n').filter((line) => /^[a-z0-9]/.test(line) && (line === root || wants(line)));
  await command('apt-get', [...options, ...sandbox, 'download', ...packages], work);
}

/** As root, apt would download as a user of its own, who may not reach our folder. */
const sandbox = ['-oAPT::Sandbox::User='];

async function command(file: string, args: string[], cwd?: string): Promise<string> {
  const { stdout } = await run(file, args, {
    timeout: COMMAND_TIMEOUT_MS,
    maxBuffer: OUTPUT_BYTES_MAX,
    env: { ...process.env, LC_ALL: 'C' },
    ...(cwd === undefined ? {} : { cwd }),
  });
  return stdout;
}
