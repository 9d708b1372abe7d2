import { brokerFields, databaseFields, runService } from '@pipeline/service';
import { z } from 'zod';
import { config } from '../config.ts';
import type { Tap } from '../declaration.ts';
import { startTapService } from './start-tap-service.ts';

/** What a tap reads as a service, besides the variables that its `config.yml` names. */
export const tapServiceConfig = z.object({ ...databaseFields, ...brokerFields, ...config.shape });

/** Runs the tap as a service until a signal: commands in, batches out. */
export async function runTapService<Settings>(
  tap: Tap<Settings>,
  options: { version: string; configPath: string },
): Promise<void> {
  await runService({
    name: `tap-${tap.source}`,
    config: tapServiceConfig,
    start: (context) => startTapService(tap, context, options),
  });
}
