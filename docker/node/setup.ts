// The first container of every `docker compose up`: makes the secrets that nobody has set, once, and takes back what the
// profile demo changed. So there is no password that all installations share.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import {
  API_TOKEN,
  CREDENTIALS_KEY,
  DB_PASSWORD,
  DEMO_ENVIRONMENT,
  RABBITMQ_PASSWORD,
  RABBITMQ_URL,
} from './folder.ts';
import { write } from './write-file.ts';

const SECRET_BYTES = 32;

rmSync(DEMO_ENVIRONMENT, { force: true });
secret(DB_PASSWORD, 'DB_PASSWORD');
secret(CREDENTIALS_KEY, 'CREDENTIALS_KEY');
secret(API_TOKEN, 'API_TOKEN');
const password = secret(RABBITMQ_PASSWORD, 'RABBITMQ_PASSWORD');
write(RABBITMQ_URL, process.env['RABBITMQ_URL'] || `amqp://pipeline:${encodeURIComponent(password)}@rabbitmq:5672/`);

/** What the user has set, else what was made before, else a new one. */
function secret(path: string, variable: string): string {
  const given = process.env[variable];
  if (!given && existsSync(path)) return readFileSync(path, 'utf8');
  const value = given || randomBytes(SECRET_BYTES).toString('hex');
  write(path, value);
  return value;
}
