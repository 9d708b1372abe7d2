import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Tap } from './declaration.ts';

/** The main program of every tap: with arguments a Singer executable, without any a service.
 *  It stands in `<folder>/src/main.ts`; `config.yml` and `package.json` are in the folder. */
export async function runTap<Settings>(tap: Tap<Settings>): Promise<void> {
  const folder = dirname(dirname(realpathSync(process.argv[1] ?? '')));
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { version } = z.object({ version: z.string() }).parse(manifest);
  const argv = process.argv.slice(2);
  // Each way is loaded only where it is taken: an executable needs no drivers and starts sooner.
  if (argv.length > 0) {
    const { runExecutable } = await import('./executable/run-executable.ts');
    process.exitCode = await runExecutable(tap, version, argv);
  } else {
    const { runTapService } = await import('./service/run-tap-service.ts');
    await runTapService(tap, { version, configPath: join(folder, 'config.yml') });
  }
}
