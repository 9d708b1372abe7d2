import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Tap } from './declaration.ts';
import { runExecutable } from './executable/run-executable.ts';
import { runTapService } from './service/run-tap-service.ts';

/** The main program of every tap: with arguments a Singer executable, without any a service.
 *  It stands in `<folder>/src/main.ts`; `config.yml` and `package.json` are in the folder. */
export async function runTap<Settings>(tap: Tap<Settings>): Promise<void> {
  const folder = dirname(dirname(realpathSync(process.argv[1] ?? '')));
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const argv = process.argv.slice(2);
  if (argv.length === 0) await runTapService(tap, { version, configPath: join(folder, 'config.yml') });
  else process.exitCode = await runExecutable(tap, version, argv);
}
