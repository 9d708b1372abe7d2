// The first container of every `docker compose up`: makes the secrets that nobody has set, once, gives each container those that it needs, and takes back
// what the profile demo changed. So there is no password that all installations share, and no container that knows another one's.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ADMINISTRATOR, definitions } from '@pipeline/broker';
import { databaseRole } from '@pipeline/control';
import { brokerUsers, wholeTopology } from '@pipeline/protocol';
import {
  API_TOKEN,
  CREDENTIALS_KEY,
  DB_PASSWORD,
  DEFINITIONS,
  DEMO_ENVIRONMENT,
  FOLDER,
  RABBITMQ_PASSWORD,
  RABBITMQ_URL,
  SERVICE_ENVIRONMENT,
  services,
  sources,
} from './folder.ts';
import { isOwnDatabase } from './own-database.ts';
import { brokerPassword, rolePassword, secret } from './secret.ts';
import { write } from './write-file.ts';

const { DB_HOST, DB_PASSWORD: givenPassword, RABBITMQ_URL: givenUrl } = process.env;
const databasePassword = secret(DB_PASSWORD, givenPassword);
const brokerAdministrator = secret(RABBITMQ_PASSWORD);
const credentialsKey = secret(CREDENTIALS_KEY, process.env['CREDENTIALS_KEY']);
const apiToken = secret(API_TOKEN, process.env['API_TOKEN']);

write(join(FOLDER, 'postgres', DB_PASSWORD), databasePassword);
prepareRabbitmq();
for (const service of services()) prepareService(service);

function prepareRabbitmq(): void {
  const passwordOf = (user: string) => (user === ADMINISTRATOR ? brokerAdministrator : brokerPassword(user));
  const options = { topology: wholeTopology(sources()), users: brokerUsers(sources()), passwordOf };
  write(join(FOLDER, 'rabbitmq', DEFINITIONS), JSON.stringify(definitions(options)));
  write(join(FOLDER, 'rabbitmq', RABBITMQ_PASSWORD), brokerAdministrator);
}

function prepareService(service: string): void {
  const give = (name: string, text: string) => write(join(FOLDER, service, name), text);
  rmSync(join(FOLDER, service, DEMO_ENVIRONMENT), { force: true });
  const role = databaseRole(service);
  if (role === undefined) return;
  // Where the database is another's, one role must do, unless its administrator runs the services apart.
  const isOwn = isOwnDatabase(DB_HOST);
  give(DB_PASSWORD, isOwn ? rolePassword(role) : databasePassword);
  give(SERVICE_ENVIRONMENT, isOwn ? `DB_USERNAME=${role}\n` : '');
  give(RABBITMQ_URL, givenUrl || `amqp://${service}:${brokerPassword(service)}@rabbitmq:5672/`);
  if (service === 'scheduler') give(API_TOKEN, apiToken);
  if (service === 'scheduler' || service.startsWith('tap-')) give(CREDENTIALS_KEY, credentialsKey);
}
