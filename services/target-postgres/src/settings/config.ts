import type { DatabaseOptions } from '@pipeline/postgres';
import { PipelineError } from '@pipeline/protocol';
import { z } from 'zod';
import { readCertificates } from './certificates.ts';
import { translatePeers } from './peer-settings.ts';

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

const policy = z.enum(['evolve', 'freeze', 'discard_row', 'discard_value', 'quarantine']);

const contract = z.object({ tables: policy, columns: policy, types: policy }).partial();

/** The settings of target-postgres, spelled as its peers spell them. */
export const TargetConfig = z.object({
  host: z.string().min(1).describe('Host of PostgreSQL. Also DB_HOST.'),
  port: z.coerce.number().int().min(1).max(65_535).default(5432).describe('Port of PostgreSQL. Also DB_PORT.'),
  user: z.string().min(1).describe('Role that owns the tables. Also DB_USERNAME.'),
  password: z.string().default('').describe('Password of the role. Also DB_PASSWORD.'),
  dbname: z.string().min(1).describe('Database; "database" is the same. Also DB_DATABASE.'),
  sslmode: z.enum(SSL_MODES).default('prefer').describe('As libpq means it. Also DB_SSLMODE.'),
  sslrootcert: z
    .string()
    .min(1)
    .optional()
    .describe('Authorities that sign the certificate of the server: a file, or the PEM text itself.'),
  sslcert: z.string().min(1).optional().describe('Certificate of the client: a file, or the PEM text itself.'),
  sslkey: z.string().min(1).optional().describe('Key of sslcert: a file, or the PEM text itself.'),
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
  database_wait_seconds: z.coerce
    .number()
    .min(0)
    .max(86_400)
    .default(600)
    .describe('Longest time to wait for PostgreSQL while it is away, its disk is full or it has no connection left.'),
  hard_delete: z.boolean().default(false).describe('Remove deleted rows instead of marking them in _sdc_deleted_at.'),
  add_metadata_columns: z
    .boolean()
    .default(true)
    .describe('The _sdc_ columns keep batches in order, so they are always there; false is a warning.'),
  validate_records: z
    .boolean()
    .default(false)
    .describe(
      'Check every record against its whole JSON schema; without it only the types of the columns are checked.',
    ),
  on_invalid: z
    .enum(['quarantine', 'fail'])
    .default('quarantine')
    .describe('What happens to a record that validate_records refuses: set aside, or its stream stops.'),
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
    .describe('When a stream comes with other key properties than its table has: stop it, or change the key.'),
  table_changed: z
    .enum(['refuse', 'accept'])
    .default('refuse')
    .describe(
      'When a table was dropped, replaced, emptied or lost a column since the last run: stop the stream, or go on.',
    ),
  contracts: z
    .record(z.string(), contract)
    .default({})
    .describe('By stream ("*" for the others): what may happen to tables, columns and types.'),
  column_types: z
    .record(
      z.string(),
      z.record(z.string(), z.enum(['boolean', 'bigint', 'numeric', 'date', 'timestamptz', 'text', 'jsonb'])),
    )
    .default({})
    .describe('By stream ("*" for the others) and property: the type of a column, whatever the schema says.'),
  columns_allowed: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('Columns that a table may have although they come at once: above 500 new ones a stream stops.'),
  max_rejected: z.coerce
    .number()
    .int()
    .min(0)
    .default(100)
    .describe('Rejected records of one stream that are tolerated while they are not most of it.'),
  max_rejected_share: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('Above max_rejected, the share of a stream that may be rejected; 0 when only max_rejected is set.'),
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
  const { settings, refused } = translatePeers(file);
  for (const [key, value] of Object.entries(settings)) {
    if (Object.hasOwn(TargetConfig.shape, key)) given[key] = value;
    else warnings.push(`unknown setting "${key}" is ignored`);
  }
  // Whoever sets a number alone means that number.
  if (given['max_rejected'] !== undefined) given['max_rejected_share'] ??= 0;
  if (given['add_metadata_columns'] === false) {
    warnings.push('"add_metadata_columns": false has no effect: the _sdc_ columns keep batches in order');
  }
  const parsed = TargetConfig.safeParse(given);
  if (parsed.success && refused.length === 0) return { config: parsed.data, warnings };
  const problems = (parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new PipelineError({
    code: 'CONFIG_INVALID',
    recovery: 'fix-config',
    message: `configuration: ${[...refused, ...problems].join('; ')}`,
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
    certificates: readCertificates(config),
    applicationName: 'target-postgres',
    // One for each batch under way, and one that looks at tables meanwhile.
    poolSize: config.max_parallelism + 1,
  };
}
