import { globSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { SandboxSource } from './source-api.ts';

/** Every API that the sandbox imitates: a folder with a `source.ts`. */
export const sources: readonly SandboxSource[] = await Promise.all(
  globSync('*/source.ts', { cwd: import.meta.dirname })
    .sort()
    .map(async (path): Promise<SandboxSource> => (await import(join(import.meta.dirname, path))).source),
);

/** One of them, in a request to the control API. */
export const SourceName = z.enum(sources.map(({ name }) => name));
