// Under the profile demo every service reads the sandbox and writes to a database and a virtual host of the demo's own, whatever
// the user's .env says: imitated rows must never meet real ones.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADMINISTRATOR, definitions } from '@pipeline/broker';
import { databaseRole } from '@pipeline/control';
import { brokerUsers, wholeTopology } from '@pipeline/protocol';
import {
  DB_PASSWORD,
  DEMO_ENVIRONMENT,
  DEMO_RABBITMQ_URL,
  FOLDER,
  RABBITMQ_PASSWORD,
  SETUP,
  services,
  sources,
} from './folder.ts';
import { administrator, prepare } from './own-database.ts';
import { brokerPassword, rolePassword } from './secret.ts';
import { write } from './write-file.ts';

const NAME = 'demo';
const DEMO_SOURCES = join(import.meta.dirname, 'demo-sources.env');
const REQUEST_TIMEOUT_MS = 30_000;
/** So many times faster than the real APIs' limits, or a demo would mostly wait. */
const RATE_LIMIT_FACTOR = 20;

const administratorPassword = readFileSync(join(SETUP, RABBITMQ_PASSWORD), 'utf8');

await createDatabase();
await prepare(NAME);
await createVhost();
for (const service of services()) writeEnvironment(service);

async function createDatabase(): Promise<void> {
  const pool = administrator('postgres');
  const { rowCount } = await pool.query('select from pg_database where datname = $1', [NAME]);
  if (rowCount === 0) await pool.query(`create database ${NAME}`);
  await pool.end();
}

/** With the same users as in the installation's own virtual host. */
async function createVhost(): Promise<void> {
  const passwordOf = (user: string) => (user === ADMINISTRATOR ? administratorPassword : brokerPassword(user));
  const options = { topology: wholeTopology(sources()), users: brokerUsers(sources()), vhost: NAME, passwordOf };
  const response = await fetch('http://rabbitmq:15672/api/definitions', {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${ADMINISTRATOR}:${administratorPassword}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(definitions(options)),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`RabbitMQ responded to the demo's definitions with ${response.status}`);
}

function writeEnvironment(service: string): void {
  const give = (name: string, text: string) => write(join(FOLDER, service, name), text);
  const role = databaseRole(service);
  if (role !== undefined) {
    give(DB_PASSWORD, rolePassword(role));
    give(DEMO_RABBITMQ_URL, `amqp://${service}:${brokerPassword(service)}@rabbitmq:5672/${NAME}`);
  }
  give(
    DEMO_ENVIRONMENT,
    `
DB_HOST=postgres
DB_PORT=5432
DB_DATABASE=${NAME}
DB_USERNAME=${role ?? ''}
DB_SSLMODE=disable
RABBITMQ_URL_FILE=${join(FOLDER, DEMO_RABBITMQ_URL)}
TAP_RATE_LIMIT_FACTOR=${RATE_LIMIT_FACTOR}
SANDBOX_RATE_LIMIT_FACTOR=${RATE_LIMIT_FACTOR}
${readFileSync(DEMO_SOURCES, 'utf8')}`,
  );
}
