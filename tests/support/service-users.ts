import { definitions } from '@pipeline/broker';
import { databaseRole, prepareDatabase } from '@pipeline/control';
import { createPool } from '@pipeline/postgres';
import { brokerUsers, wholeTopology } from '@pipeline/protocol';
import {
  ROLE_PASSWORD,
  requestBroker,
  type StackConnections,
  type TestDatabase,
  type TestVhost,
} from '@pipeline/testing';

/** Gives every service its own role and user, as compose and run.sh do, and returns the variables of each. */
export async function serviceUsers(
  servers: StackConnections,
  { database, vhost, sources }: { database: TestDatabase; vhost: TestVhost; sources: readonly string[] },
): Promise<(service: string) => Record<string, string>> {
  // Roles belong to the whole server, which other tests set up as well.
  const turns = createPool({ ...database.options, database: 'postgres', poolSize: 1 });
  await prepareDatabase(database.pool, () => ROLE_PASSWORD, turns).finally(() => turns.end());
  const users = brokerUsers(sources);
  const { user, password } = servers.rabbitmq;
  const passwordOf = (name: string) => (name === user ? password : ROLE_PASSWORD);
  const options = { topology: wholeTopology(sources), users, vhost: decodeURIComponent(vhost.name), passwordOf };
  await requestBroker('POST', '/definitions', definitions(options), servers);
  return (service) => {
    const role = databaseRole(service);
    if (role === undefined) return {};
    const url = new URL(vhost.url);
    url.username = service;
    url.password = ROLE_PASSWORD;
    return { DB_USERNAME: role, DB_PASSWORD: ROLE_PASSWORD, RABBITMQ_URL: url.href };
  };
}
