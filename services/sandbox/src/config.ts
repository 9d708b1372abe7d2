import { z } from 'zod';
import { sources } from './sources.ts';

const port = z.coerce.number().int().min(1).max(65_535);

/** The sandbox's variables: besides these a port for each source. */
export const SandboxConfig = z.object({
  SANDBOX_DEALS: z.coerce
    .number()
    .int()
    .min(100)
    .max(1_000_000)
    .default(200)
    .describe('Size of the imitated company, in deals; everything else follows in proportion.'),
  SANDBOX_SEED: z.coerce.number().int().min(0).default(1).describe('The same seed makes the same company.'),
  SANDBOX_RATE_LIMIT_FACTOR: z.coerce
    .number()
    .min(0.001)
    .max(1_000_000)
    .default(1)
    .describe('How many times faster than the real APIs the windows of the rate limits pass.'),
  SANDBOX_HOST: z.string().default('127.0.0.1').describe('Address on which the imitated APIs listen.'),
  SANDBOX_CONTROL_PORT: port.default(4040).describe('Port of the control API: truth, mutations, faults.'),
  ...Object.fromEntries(
    sources.map(({ name, port: own }) => [
      portVariable(name),
      port.default(own).describe(`Port of the API of ${name}.`),
    ]),
  ),
});

/** Port of a source's API. */
export function portVariable(source: string): string {
  return `SANDBOX_${source.toUpperCase()}_PORT`;
}
