// Under the profile demo every service reads the sandbox and writes to a database and a virtual host of the demo's own, whatever
// the user's .env says: imitated rows must never meet real ones.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPool } from '@pipeline/postgres';
import { DB_PASSWORD, DEMO_ENVIRONMENT, DEMO_RABBITMQ_URL, RABBITMQ_PASSWORD } from './folder.ts';
import { write } from './write-file.ts';

const NAME = 'demo';
const DEMO_SOURCES = join(import.meta.dirname, 'demo-sources.env');
const REQUEST_TIMEOUT_MS = 10_000;
/** So many times faster than the real APIs' limits, or a demo would mostly wait. */
const RATE_LIMIT_FACTOR = 20;

const user = process.env['DB_USERNAME'] ?? '';
const brokerPassword = readFileSync(RABBITMQ_PASSWORD, 'utf8');

await createDatabase();
await createVhost();
write(DEMO_RABBITMQ_URL, `amqp://pipeline:${encodeURIComponent(brokerPassword)}@rabbitmq:5672/${NAME}`);
write(DEMO_ENVIRONMENT, demoEnvironment());

async function createDatabase(): Promise<void> {
  const pool = createPool({
    host: 'postgres',
    port: 5432,
    database: 'postgres',
    user,
    password: readFileSync(DB_PASSWORD, 'utf8'),
    sslmode: 'disable',
    applicationName: 'setup-demo',
    poolSize: 1,
  });
  const { rowCount } = await pool.query('select from pg_database where datname = $1', [NAME]);
  if (rowCount === 0) await pool.query(`create database ${NAME}`);
  await pool.end();
}

async function createVhost(): Promise<void> {
  await put(`vhosts/${NAME}`, {});
  await put(`permissions/${NAME}/pipeline`, { configure: '.*', write: '.*', read: '.*' });
}

async function put(path: string, body: object): Promise<void> {
  const response = await fetch(`http://rabbitmq:15672/api/${path}`, {
    method: 'PUT',
    headers: {
      authorization: `Basic ${Buffer.from(`pipeline:${brokerPassword}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`RabbitMQ responded to PUT ${path} with ${response.status}`);
}

function demoEnvironment(): string {
  return `
DB_HOST=postgres
DB_PORT=5432
DB_DATABASE=${NAME}
DB_USERNAME=${user}
DB_SSLMODE=disable
RABBITMQ_URL_FILE=${DEMO_RABBITMQ_URL}
TAP_RATE_LIMIT_FACTOR=${RATE_LIMIT_FACTOR}
SANDBOX_RATE_LIMIT_FACTOR=${RATE_LIMIT_FACTOR}
${readFileSync(DEMO_SOURCES, 'utf8')}`;
}
