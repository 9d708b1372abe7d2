import { saveManifest } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import { readManifest } from './manifest.ts';

/** Keeps the graph of the project for the pages and for what follows from what. A manifest in a form that is not understood costs no build: the
 *  graph stays as it was. */
export async function saveProject(pool: Pool, targetPath: string, logger: Logger): Promise<void> {
  const manifest = await readManifest(targetPath).catch((err: unknown) => {
    logger.warn({ err }, `the graph stays as it was: ${targetPath}/manifest.json could not be read`);
    return undefined;
  });
  if (manifest !== undefined) await saveManifest(pool, manifest);
}
