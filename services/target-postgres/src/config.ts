import { PipelineError } from '@pipeline/contracts';
import type { DatabaseOptions } from '@pipeline/postgres';
import { z } from 'zod';

const policy = z.enum(['evolve', 'freeze', 'discard_row', 'discard_value', 'quarantine']);

const contract = z.object({ tables: policy, columns: policy, types: policy }).partial();

/** The settings of target-postgres, spelled as its peers spell them. */
export const TargetConfig = z.object({
  host: z.string().min(1).describe('Host of PostgreSQL. Also DB_HOST.'),
  port: z.coerce.number().int().min(1).max(65_535).default(5432).describe('Port of PostgreSQL. Also DB_PORT.'),
  user: z.string().min(1).describe('Role that owns the tables. Also DB_USERNAME.'),
  password: z.string().default('').describe('Password of the role. Also DB_PASSWORD.'),
  dbname: z.string().min(1).describe('Database; "database" is the same. Also DB_DATABASE.'),
  sslmode: z
    .enum(['disable', 'prefer', 'require', 'verify-ca', 'verify-full'])
    .default('prefer')
    .describe('As libpq names it. Also DB_SSLMODE.'),
  default_target_schema: z.string().min(1).default('public').describe('Database schema that takes the tables.'),
  naming: z
    .enum(['snake_case', 'lower', 'verbatim'])
    .default('snake_case')
    .describe('How names of streams and properties become identifiers.'),
  batch_size_rows: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(50_000)
    .describe('Most rows in one transaction.'),
  batch_size_bytes: z.coerce
    .number()
    .int()
    .min(1)
    .max(64 * 1024 * 1024)
    .default(8 * 1024 * 1024)
    .describe('Most bytes of messages in one transaction; memory is a small multiple of it.'),
  flush_seconds: z.coerce
    .number()
    .min(0.1)
    .max(3_600)
    .default(10)
    .describe('Longest time a record waits for its batch to fill.'),
  max_parallelism: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(2)
    .describe('Batches written at the same time, each on its own connection.'),
  hard_delete: z.boolean().default(false).describe('Remove deleted rows instead of marking them in _sdc_deleted_at.'),
  add_metadata_columns: z
    .boolean()
    .default(true)
    .describe('The _sdc_ columns keep batches in order, so they are always there; false is a warning.'),
  validate_records: z
    .boolean()
    .default(true)
    .describe('Accepted for compatibility: the types of the columns check every value, always.'),
  data_flattening_max_level: z.coerce
    .number()
    .int()
    .min(0)
    .max(20)
    .default(0)
    .describe('Levels of nested objects that become columns a__b; 0 keeps them as jsonb.'),
  primary_key_required: z.boolean().default(false).describe('Refuse streams without key properties.'),
  key_change: z
    .enum(['error', 'rekey'])
    .default('error')
    .describe('When a stream comes with other key properties than its table has: stop, or change the primary key.'),
  contracts: z
    .record(z.string(), contract)
    .default({})
    .describe('By stream ("*" for the others): what may happen to tables, columns and types.'),
  max_rejected: z.coerce
    .number()
    .int()
    .min(0)
    .default(100)
    .describe('Rejected records of one stream that are always tolerated.'),
  max_rejected_share: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('Above max_rejected, the share of a stream that may be rejected.'),
});
export type TargetConfig = z.output<typeof TargetConfig>;

const ENVIRONMENT: Record<string, keyof TargetConfig> = {
  DB_HOST: 'host',
  DB_PORT: 'port',
  DB_USERNAME: 'user',
  DB_PASSWORD: 'password',
  DB_DATABASE: 'dbname',
  DB_SSLMODE: 'sslmode',
};

/** Other names of the same settings, in the peers' configuration files. */
const SYNONYMS: Record<string, keyof TargetConfig> = {
  database: 'dbname',
  username: 'user',
  add_record_metadata: 'add_metadata_columns',
  flattening_max_depth: 'data_flattening_max_level',
};

export interface ReadConfig {
  config: TargetConfig;
  /** For standard error: unknown settings and those without effect. */
  warnings: string[];
}

/** Settings from the configuration file, before the `DB_*` variables, before the defaults.
 *  @throws PipelineError `CONFIG_INVALID` with every problem by name and no value. */
export function readTargetConfig(
  file: Record<string, unknown>,
  environment: Record<string, string | undefined>,
): ReadConfig {
  const given: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const [variable, setting] of Object.entries(ENVIRONMENT)) {
    const value = environment[variable];
    if (value !== undefined && value !== '') given[setting] = value;
  }
  for (const [key, value] of Object.entries(file)) {
    const setting = SYNONYMS[key] ?? key;
    if (Object.hasOwn(TargetConfig.shape, setting)) given[setting] = value;
    else warnings.push(`unknown setting "${key}" is ignored`);
  }
  if (given['add_metadata_columns'] === false) {
    warnings.push('"add_metadata_columns": false has no effect: the _sdc_ columns keep batches in order');
  }
  const parsed = TargetConfig.safeParse(given);
  if (parsed.success) return { config: parsed.data, warnings };
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new PipelineError({
    code: 'CONFIG_INVALID',
    recovery: 'fix-config',
    message: `configuration: ${problems.join('; ')}`,
  });
}

export function databaseOptions(config: TargetConfig): DatabaseOptions {
  return {
    host: config.host,
    port: config.port,
    database: config.dbname,
    user: config.user,
    password: config.password,
    sslmode: config.sslmode,
    applicationName: 'target-postgres',
    // One for each batch under way, and one that looks at tables meanwhile.
    poolSize: config.max_parallelism + 1,
  };
}
