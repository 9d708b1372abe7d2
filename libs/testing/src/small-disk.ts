import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own that is soon full, as the disk of a server may be. */
export interface SmallDisk {
  /** Where it is mounted, empty; owned by the user of the local servers, so a tablespace may be made here. */
  path: string;
  /** Takes all room that is left. */
  fill(): void;
  /** Gives that room back. */
  free(): void;
  /** Unmounts it, whoever still has a file of it open. */
  remove(): void;
}

/** Whom `startPostgres` runs the server as when the tests run as root. */
const NOBODY = 65_534;
const PIECE = Buffer.alloc(64 * 1024);

/** Mounts a tmpfs of this size.
 *  @throws where mounting is not allowed: as root, or with sudo that asks no password, it is. */
export function mountSmallDisk(megabytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const ballast = join(path, 'ballast');
  const user = process.getuid?.() ?? 0;
  const owner = user === 0 ? NOBODY : user;
  try {
    asRoot('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,uid=${owner},mode=0700`, 'tmpfs', path);
  } catch (cause) {
    rmSync(path, { recursive: true });
    throw new Error('a small disk needs mount(8): run the tests as root, or allow sudo without a password', { cause });
  }
  return {
    path,
    fill: () => fillWith(ballast),
    free: () => rmSync(ballast, { force: true }),
    remove: () => {
      asRoot('umount', '--lazy', path);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function asRoot(command: string, ...args: string[]): void {
  const isRoot = process.getuid?.() === 0;
  execFileSync(isRoot ? command : 'sudo', isRoot ? args : ['-n', command, ...args], { stdio: 'pipe' });
}

function fillWith(path: string): void {
  const file = openSync(path, 'a');
  try {
    for (;;) writeSync(file, PIECE);
  } catch (error) {
    // Jest has a class Error of its own.
    if (typeof error !== 'object' || error === null || !('code' in error) || error.code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}
