import { SECRET } from '@pipeline/service/config';
import { z } from 'zod';

/** Variables of both ways of running a tap. */
export const runtimeFields = {
  FULL_READ_INTERVAL_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .default(86_400)
    .describe('A stream is read completely at least this often, to find what was silently deleted. 0: at every run.'),
  DISCOVERY_INTERVAL_SECONDS: z.coerce
    .number()
    .int()
    .min(10)
    .default(3_600)
    .describe('How often an account is asked for streams that only it has (custom objects), in seconds.'),
  TAP_RATE_LIMIT_FACTOR: z.coerce
    .number()
    .positive()
    .max(1_000_000)
    .default(1)
    .describe("Multiplies the allowances of the source's rate limits. 1 is the real API; sandboxes allow more."),
};

/** Variables of a tap as a service, besides those that its `config.yml` names. */
export const config = z.object({
  TAP_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(32)
    .default(3)
    .describe('Streams that one replica of a tap reads at the same time.'),
  TAP_LEASE_SECONDS: z.coerce
    .number()
    .min(2)
    .max(3_600)
    .default(60)
    .describe('A stream whose tap has given no sign of life for this long is read by another one, in seconds.'),
  CREDENTIALS_KEY: z
    .string()
    .optional()
    .meta(SECRET)
    .describe('Key that encrypts rotating tokens in the database: 32 bytes, made with "openssl rand -hex 32".'),
  ...runtimeFields,
});
