import { runService } from '@pipeline/service';
import { SandboxConfig } from './config.ts';
import { startSandbox } from './sandbox.ts';

await runService({
  name: 'sandbox',
  config: SandboxConfig,
  start: async ({ config, logger }) => {
    const sandbox = await startSandbox({
      deals: config.SANDBOX_DEALS,
      seed: config.SANDBOX_SEED,
      rateLimitFactor: config.SANDBOX_RATE_LIMIT_FACTOR,
      host: config.SANDBOX_HOST,
      ports: {
        hubspot: config.SANDBOX_HUBSPOT_PORT,
        xero: config.SANDBOX_XERO_PORT,
        wrike: config.SANDBOX_WRIKE_PORT,
        control: config.SANDBOX_CONTROL_PORT,
      },
      tokens: { hubspot: config.SANDBOX_HUBSPOT_TOKENS, wrike: config.SANDBOX_WRIKE_TOKENS },
    });
    logger.info({ deals: config.SANDBOX_DEALS, control: sandbox.url('control') }, 'the imitated APIs are open');
    return { stop: () => sandbox.stop() };
  },
});
