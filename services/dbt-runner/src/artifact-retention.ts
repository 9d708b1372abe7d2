import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Keeps the artifacts of the newest builds. */
export async function removeOldArtifacts(folder: string, kept: number): Promise<void> {
  const builds = (await readdir(folder)).filter((name) => /^\d{16}$/.test(name)).sort();
  for (const name of builds.slice(0, -kept)) await rm(join(folder, name), { recursive: true, force: true });
}
