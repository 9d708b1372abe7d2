import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unpackDebianPackages } from '@pipeline/local-stack';
import { errorMessage, type Logger } from '@pipeline/protocol';

const run = promisify(execFile);

const INSTALL_TIMEOUT_MS = 600_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
/** dbt 1.12 runs on 3.10 to 3.14. */
const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const STAMP = 'requirements.txt';

export interface DbtPythonOptions {
  /** Where the virtual environment is kept. */
  folder: string;
  /** The locked requirements; when they change, the environment is made anew. */
  requirements: string;
  logger: Logger;
}

/** The Python interpreter of a virtual environment that holds dbt; made at the first call.
 *  @throws when there is no Python of a fitting version, or its packages cannot be installed. */
export async function dbtPython({ folder, requirements, logger }: DbtPythonOptions): Promise<string> {
  const python = join(folder, 'bin', 'python');
  if (existsSync(python) && isSame(join(folder, STAMP), requirements)) return python;
  logger.info({ folder }, 'installing dbt into a virtual environment, which takes a minute');
  const draft = `${folder}.${process.pid}`;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    await makeEnvironment(draft, await systemPython());
    const [command, ...pip] = await pipOf(draft);
    const options = ['install', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'];
    await execute(command, [...pip, ...options, '--requirement', requirements]);
    copyFileSync(requirements, join(draft, STAMP));
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } catch (cause) {
    throw new Error(`dbt could not be installed: ${errorMessage(cause)}`, { cause });
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return python;
}

async function systemPython(): Promise<string> {
  for (const candidate of PYTHONS) {
    const version = await execute(candidate, [
      '-c',
      'import sys; print(sys.version_info[0], sys.version_info[1])',
    ]).catch(() => '');
    const [major = 0, minor = 0] = version.split(' ').map(Number);
    if (major === 3 && minor >= 10 && minor <= 14) return candidate;
  }
  throw new Error('no Python 3.10 to 3.14 on the PATH');
}

/** Debian keeps the part of `venv` that brings pip in a package of its own, which may be missing. */
async function makeEnvironment(folder: string, python: string): Promise<void> {
  try {
    await execute(python, ['-m', 'venv', folder]);
  } catch {
    await execute(python, ['-m', 'venv', '--clear', '--without-pip', folder]);
  }
}

/** How to call pip for the environment: its own, else the one of Debian's package, unpacked beside it. */
async function pipOf(folder: string): Promise<[string, ...string[]]> {
  const python = join(folder, 'bin', 'python');
  if (existsSync(join(folder, 'bin', 'pip'))) return [python, '-m', 'pip'];
  const unpacked = join(folder, 'pip');
  await unpackDebianPackages(unpacked, 'python3-pip-whl', () => false);
  const wheel = globSync(join(unpacked, 'usr/share/python-wheels/pip-*.whl'))[0];
  if (wheel === undefined) throw new Error('Python has no pip: install python3-venv');
  return [python, join(wheel, 'pip')];
}

async function execute(command: string, args: string[]): Promise<string> {
  const { stdout } = await run(command, args, { timeout: INSTALL_TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX });
  return stdout.trim();
}

function isSame(stamp: string, file: string): boolean {
  return existsSync(stamp) && readFileSync(stamp).equals(readFileSync(file));
}
