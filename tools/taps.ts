import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Tap } from '@pipeline/tap-kit';
import { type ConfigFile, readConfigFile, variablesOf } from '@pipeline/tap-kit/settings';
import { z } from 'zod';

/** A tap as its folder `services/tap-<source>` declares it. */
export interface TapFolder {
  source: string;
  tap: Tap<unknown>;
  file: ConfigFile;
  /** The environment variables that feed its settings. */
  variables: z.ZodObject;
  /** What its container needs beyond the usual, from `package.json`. */
  container: Container;
}

/** Memory of the container and of Node's heap in it, in MB. */
const Container = z.strictObject({ memoryMb: z.int(), heapMb: z.int() }).optional();
type Container = z.infer<typeof Container>;

/** The taps of this checkout: one more folder is one more tap. */
export async function tapFolders(root: string): Promise<TapFolder[]> {
  return Promise.all(
    globSync('services/tap-*', { cwd: root })
      .sort()
      .map(async (folder) => {
        const path = join(root, folder);
        const { tap }: { tap: Tap<unknown> } = await import(join(path, 'src/tap.ts'));
        const { container } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
        const file = readConfigFile(join(path, 'config.yml'));
        const variables = variablesOf(tap, file);
        return {
          source: basename(path).slice('tap-'.length),
          tap,
          file,
          variables,
          container: Container.parse(container),
        };
      }),
  );
}
