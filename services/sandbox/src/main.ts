import { z } from 'zod';
import { SandboxConfig } from './config.ts';
import { startSandbox } from './sandbox.ts';

/** `EX_CONFIG` of sysexits.h: restarting will not help. */
const EXIT_CONFIG = 78;

const parsed = SandboxConfig.safeParse(process.env);
if (!parsed.success) {
  process.stderr.write(`${z.prettifyError(parsed.error)}\n`);
  process.exit(EXIT_CONFIG);
}
const config = parsed.data;
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
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void sandbox.stop());
process.stderr.write(`sandbox of ${config.SANDBOX_DEALS} deals: control API at ${sandbox.url('control')}\n`);
