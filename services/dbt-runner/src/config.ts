import { join, resolve } from 'node:path';
import { brokerFields, databaseFields } from '@pipeline/service/config';
import { z } from 'zod';

const repository = resolve(import.meta.dirname, '../../..');

export const config = z.object({
  DBT_PYTHON: z
    .string()
    .min(1)
    .default('python3')
    .describe('The Python that has dbt. run.sh and the image name theirs.'),
  DBT_PROJECT_DIR: z
    .string()
    .min(1)
    .optional()
    .transform((path) => (path === undefined ? join(repository, 'dbt') : resolve(path)))
    .describe('Folder of the dbt project, with its profiles.yml. Unset: the folder dbt of this repository.'),
  DBT_TARGET: z
    .string()
    .regex(/^\w{1,20}$/)
    .default('warehouse')
    .describe('Output of profiles.yml that is built. There is never more than one build of it at a time.'),
  DBT_THREADS: z.coerce.number().int().min(1).max(64).default(4).describe('Models that dbt builds at the same time.'),
  DBT_TIMEOUT_SECONDS: z.coerce
    .number()
    .int()
    .min(10)
    .max(86_400)
    .default(3_600)
    .describe('A build that has not ended by then is stopped and fails, in seconds. The cycle waits no longer either.'),
  DBT_SOURCE_FRESHNESS: z
    .stringbool()
    .default(false)
    .describe(
      'Measure the freshness of the sources before each build. It warns only, and reads every source table once.',
    ),
  DBT_RUNS_KEPT: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(20)
    .describe('Builds whose artifacts (manifest.json, run_results.json, compiled SQL) are kept on the disk.'),
  DISK_STORAGE_PATH: z
    .string()
    .min(1)
    .default('.data')
    .transform((path) => resolve(path))
    .describe('Folder for what lives on a disk: the artifacts of dbt, and the servers that run.sh starts.'),
  ...databaseFields,
  ...brokerFields,
});
export type Config = z.output<typeof config>;
