import { runService } from '@pipeline/service';
import { portVariable, SandboxConfig } from './config.ts';
import { startSandbox } from './sandbox.ts';
import { sources } from './sources.ts';

await runService({
  name: 'sandbox',
  config: SandboxConfig,
  start: async ({ config, logger }) => {
    const values: Record<string, string | number> = config;
    const sandbox = await startSandbox({
      deals: config.SANDBOX_DEALS,
      seed: config.SANDBOX_SEED,
      rateLimitFactor: config.SANDBOX_RATE_LIMIT_FACTOR,
      host: config.SANDBOX_HOST,
      ports: {
        control: config.SANDBOX_CONTROL_PORT,
        ...Object.fromEntries(sources.map(({ name }) => [name, Number(values[portVariable(name)])])),
      },
    });
    logger.info({ deals: config.SANDBOX_DEALS, control: sandbox.url('control') }, 'the imitated APIs are open');
    return { stop: () => sandbox.stop() };
  },
});
