import { runService } from '@pipeline/service';
import type { Tap } from '../declaration.ts';
import { serviceConfig } from './service-config.ts';
import { startTapService } from './start-tap-service.ts';

/** Runs the tap as a service until a signal: commands in, batches out. */
export async function runTapService<Settings>(
  tap: Tap<Settings>,
  options: { version: string; configPath: string },
): Promise<void> {
  await runService({
    name: `tap-${tap.source}`,
    config: serviceConfig,
    start: (context) => startTapService(tap, context, options),
  });
}
