import { brokerFields, databaseFields } from '@pipeline/service/config';
import { z } from 'zod';

export const config = z.object({
  ...databaseFields,
  DB_POOL_SIZE: databaseFields.DB_POOL_SIZE.default(8),
  ...brokerFields,
  LOADER_PREFETCH: z.coerce
    .number()
    .int()
    .min(1)
    .max(8)
    .default(2)
    .describe('Batches of one source that a loader works on at the same time: one is parsed while another is merged.'),
  LOADER_REJECTED_MAX: z.coerce
    .number()
    .int()
    .min(0)
    .default(100)
    .describe('Rejected records of one stream and attempt that are always tolerated.'),
  LOADER_REJECTED_SHARE: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe(
      'Above LOADER_REJECTED_MAX, the share of a stream that may be rejected before it fails. Whatever both say, a stream of which more than half ' +
        '(or this share, if it is larger) is rejected fails at the end of its read, and its bookmark stays.',
    ),
  ALLOW_UNSAFE_DATABASE: z
    .stringbool()
    .default(false)
    .describe('Load also when PostgreSQL has fsync or synchronous_commit off and may forget what it has committed.'),
});
export type Config = z.output<typeof config>;
