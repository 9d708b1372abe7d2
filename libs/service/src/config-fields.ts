import { z } from 'zod';
import { SECRET } from './config.ts';
import { readHeaders } from './tracing/read-headers.ts';

const port = (lowest: number) => z.coerce.number().int().min(lowest).max(65_535);

/** What every service reads; `runService` adds it to the service's own variables. */
export const serviceFields = {
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Least important level that is written.'),
  LOG_FORMAT: z
    .enum(['json', 'pretty'])
    .optional()
    .describe('One JSON object a line, or lines for people. Unset: pretty on a terminal, json elsewhere.'),
  HISTORY_PATH: z
    .string()
    .min(1)
    .optional()
    .describe('File to which what happens to each batch is appended, for the tests that check it. Unset: nothing is.'),
  HTTP_HOST: z.string().min(1).default('127.0.0.1').describe('Address on which the service is reached by HTTP.'),
  HTTP_PORT: port(0)
    .default(8080)
    .describe('Port of health and metrics, and of the page in the scheduler; 0 takes a free one.'),
  METRICS_PORT: port(0)
    .optional()
    .describe(
      'Port of /livez, /readyz and /metrics, which have no login; 0 takes a free one. Unset: HTTP_PORT, but a free one in the scheduler, where HTTP_PORT is the page.',
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Receiver of OpenTelemetry traces by OTLP over HTTP: http://collector:4318. Unset: nothing is traced.'),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .default('')
    .transform((text, context) => readHeaders(text, (message) => context.addIssue({ code: 'custom', message })))
    .meta(SECRET)
    .describe('Headers for that receiver, as OpenTelemetry spells them: api-key=…,tenant=….'),
};

/** The warehouse: spread into the schema of a service that uses PostgreSQL. */
export const databaseFields = {
  DB_HOST: z.string().min(1).describe('Host name or address of PostgreSQL.'),
  DB_PORT: port(1).default(5432).describe('Port of PostgreSQL.'),
  DB_DATABASE: z.string().min(1).describe('Database that takes the tables of all sources.'),
  DB_USERNAME: z.string().min(1).describe('Role that owns the source tables and the schema pipeline.'),
  DB_PASSWORD: z.string().min(1).meta(SECRET).describe('Password of DB_USERNAME.'),
  DB_SSLMODE: z
    .enum(['disable', 'prefer', 'require', 'verify-ca', 'verify-full'])
    .default('prefer')
    .describe('As libpq names it. A hosted server wants require or verify-full.'),
  DB_POOL_SIZE: z.coerce.number().int().min(1).max(50).default(5).describe('Most connections of one process.'),
};

/** The broker: spread into the schema of a service that uses RabbitMQ. */
export const brokerFields = {
  RABBITMQ_URL: z
    .url({ protocol: /^amqps?$/, error: 'expected amqp://user:password@host:port/vhost' })
    .meta(SECRET)
    .describe('RabbitMQ with user, password and virtual host: amqp://user:password@host:5672/ (amqps:// for TLS).'),
};

/** The part of {@link databaseFields} that a connection pool takes. */
export function databaseOptions(config: z.output<z.ZodObject<typeof databaseFields>>, applicationName: string) {
  return {
    host: config.DB_HOST,
    port: config.DB_PORT,
    database: config.DB_DATABASE,
    user: config.DB_USERNAME,
    password: config.DB_PASSWORD,
    sslmode: config.DB_SSLMODE,
    poolSize: config.DB_POOL_SIZE,
    applicationName,
  };
}
