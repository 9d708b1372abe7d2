import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535);
const tokens = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((list) => list.split(',').map((token) => token.trim()))
    .describe('Access tokens that the imitated API accepts, separated by commas. They open nothing else.');

/** The sandbox's variables. */
export const SandboxConfig = z.object({
  SANDBOX_DEALS: z.coerce
    .number()
    .int()
    .min(100)
    .max(1_000_000)
    .default(200)
    .describe('Size of the imitated company, in deals; everything else follows in proportion.'),
  SANDBOX_SEED: z.coerce.number().int().min(0).default(1).describe('The same seed gives the same company.'),
  SANDBOX_RATE_LIMIT_FACTOR: z.coerce
    .number()
    .min(0.001)
    .max(1_000_000)
    .default(1)
    .describe('How many times faster than the real APIs the windows of the rate limits pass.'),
  SANDBOX_HOST: z.string().default('127.0.0.1').describe('Address on which the imitated APIs listen.'),
  SANDBOX_HUBSPOT_PORT: port.default(4010).describe('Port of the HubSpot API.'),
  SANDBOX_XERO_PORT: port.default(4020).describe('Port of the Xero API and its identity endpoints.'),
  SANDBOX_WRIKE_PORT: port.default(4030).describe('Port of the Wrike API.'),
  SANDBOX_CONTROL_PORT: port.default(4040).describe('Port of the control API: truth, mutations, faults.'),
  SANDBOX_HUBSPOT_TOKENS: tokens('hubspot-sandbox-token'),
  SANDBOX_WRIKE_TOKENS: tokens('wrike-sandbox-token'),
});
export type SandboxConfig = z.infer<typeof SandboxConfig>;
