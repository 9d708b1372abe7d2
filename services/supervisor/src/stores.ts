import { join } from 'node:path';
import { definitions } from '@pipeline/broker';
import { databaseRole, prepareDatabase, type ServiceRole } from '@pipeline/control';
import {
  type PostgresServer,
  type RabbitmqServer,
  rememberedSecret,
  startPostgres,
  startRabbitmq,
} from '@pipeline/local-stack';
import { createPool } from '@pipeline/postgres';
import { brokerUsers, type Logger, wholeTopology } from '@pipeline/protocol';
import type { Environment } from '@pipeline/service/config';
import { type Installation, knownSources } from './installation.ts';
import { type Supervised, type SupervisionOptions, supervise } from './supervised.ts';

export interface Stores {
  /** The variables that lead a service to both, as the user that it is there. Empty for one that uses neither. */
  environmentOf(service: string): Environment;
  stop(): Promise<void>;
}

const DATABASE = 'pipeline';
/** The pools of all services and dbt's threads, with room for a person. */
const CONNECTIONS_MAX = 200;

/** Starts PostgreSQL and RabbitMQ with a user per service in each, unless `DB_HOST` and `RABBITMQ_URL` name real ones, and keeps them running.
 *  @throws when one cannot be started. */
export async function startStores(installation: Installation, options: SupervisionOptions): Promise<Stores> {
  const { environment } = installation;
  const starts = await Promise.allSettled([
    environment['DB_HOST'] === undefined ? startOwnPostgres(installation, options) : undefined,
    isBrokerNamed(environment) ? undefined : startOwnRabbitmq(installation, options),
  ]);
  const own = starts.flatMap((start) =>
    start.status === 'fulfilled' && start.value !== undefined ? [start.value] : [],
  );
  const stop = async () => void (await Promise.all(own.map((store) => store.stop())));
  const failure = starts.find((start) => start.status === 'rejected');
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  const environmentOf = (service: string) => Object.assign({}, ...own.map((store) => store.environmentOf(service)));
  return { environmentOf, stop };
}

type OwnStore = Supervised & Pick<Stores, 'environmentOf'>;

async function startOwnPostgres({ dataDir }: Installation, options: SupervisionOptions): Promise<OwnStore> {
  const config = {
    dataDir: join(dataDir, 'postgres'),
    database: DATABASE,
    settings: { max_connections: CONNECTIONS_MAX },
  };
  const server = await startPostgres(config);
  // The services know this port: no other will do.
  const start = () => startPostgres({ ...config, port: server.port });
  announce(options.logger, 'PostgreSQL', server, `database ${DATABASE}, administrator ${server.user}`);
  const supervised = supervise({ name: 'PostgreSQL', start, actionAfter: () => 'restart' }, options, server);
  const passwordOf = (role: ServiceRole) => rememberedSecret(join(config.dataDir, `password-of-${role}`));
  await prepareRoles(server, passwordOf);
  const environmentOf = (service: string) => {
    const role = databaseRole(service);
    return role === undefined ? {} : databaseVariables(server, role, passwordOf(role));
  };
  return { ...supervised, environmentOf };
}

async function prepareRoles(server: PostgresServer, passwordOf: (role: ServiceRole) => string): Promise<void> {
  const pool = createPool({ ...server, sslmode: 'disable', applicationName: 'run.sh', poolSize: 2 });
  await prepareDatabase(pool, passwordOf).finally(() => pool.end());
}

async function startOwnRabbitmq({ dataDir }: Installation, options: SupervisionOptions): Promise<OwnStore> {
  const folder = join(dataDir, 'rabbitmq');
  const sources = knownSources();
  const users = brokerUsers(sources);
  const passwordOf = (user: string) => rememberedSecret(join(folder, `password-of-${user}`));
  const config = {
    dataDir: folder,
    definitions: (administrator: string) =>
      definitions({
        topology: wholeTopology(sources),
        users,
        passwordOf: (user) => (users.some(({ name }) => name === user) ? passwordOf(user) : administrator),
      }),
  };
  const server = await startRabbitmq(config);
  const start = () => startRabbitmq({ ...config, port: server.port });
  announce(options.logger, 'RabbitMQ', server, `administrator ${server.user}`);
  const supervised = supervise({ name: 'RabbitMQ', start, actionAfter: () => 'restart' }, options, server);
  const environmentOf = (service: string): Environment => {
    if (!users.some(({ name }) => name === service)) return {};
    const url = new URL(server.url);
    url.username = service;
    url.password = passwordOf(service);
    return { RABBITMQ_URL: url.href };
  };
  return { ...supervised, environmentOf };
}

function announce(logger: Logger, name: string, server: PostgresServer | RabbitmqServer, access: string): void {
  logger.info({ log: server.logFile }, `${name} listens on ${server.host}:${server.port} (${access})`);
}

function databaseVariables(server: PostgresServer, role: string, password: string): Environment {
  return {
    DB_HOST: server.host,
    DB_PORT: String(server.port),
    DB_DATABASE: server.database,
    DB_USERNAME: role,
    DB_PASSWORD: password,
    DB_SSLMODE: 'disable',
  };
}

function isBrokerNamed(environment: Environment): boolean {
  return environment['RABBITMQ_URL'] !== undefined || environment['RABBITMQ_URL_FILE'] !== undefined;
}
