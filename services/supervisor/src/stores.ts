import { join } from 'node:path';
import type { Logger } from '@pipeline/contracts';
import { type PostgresServer, type RabbitmqServer, startPostgres, startRabbitmq } from '@pipeline/local-stack';
import type { Environment } from '@pipeline/service';
import type { Installation } from './installation.ts';
import { type Supervised, type SupervisionOptions, supervise } from './supervised.ts';

export interface Stores {
  /** The variables that lead the services to both. */
  environment: Environment;
  stop(): Promise<void>;
}

const DATABASE = 'pipeline';
/** The pools of all services and dbt's threads, with room for a person. */
const CONNECTIONS_MAX = 200;

/** Starts PostgreSQL and RabbitMQ, unless `DB_HOST` and `RABBITMQ_URL` name real ones, and keeps them running.
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
  return { environment: Object.assign({}, ...own.map((store) => store.environment)), stop };
}

type OwnStore = Supervised & { environment: Environment };

async function startOwnPostgres({ dataDir }: Installation, options: SupervisionOptions): Promise<OwnStore> {
  const config = {
    dataDir: join(dataDir, 'postgres'),
    database: DATABASE,
    settings: { max_connections: CONNECTIONS_MAX },
  };
  const server = await startPostgres(config);
  // The services know this port: no other will do.
  const start = () => startPostgres({ ...config, port: server.port });
  announce(options.logger, 'PostgreSQL', server, `database ${DATABASE}, user ${server.user}`);
  const supervised = supervise({ name: 'PostgreSQL', start, judge: () => 'restart' }, options, server);
  return { ...supervised, environment: databaseVariables(server) };
}

async function startOwnRabbitmq({ dataDir }: Installation, options: SupervisionOptions): Promise<OwnStore> {
  const config = { dataDir: join(dataDir, 'rabbitmq') };
  const server = await startRabbitmq(config);
  const start = () => startRabbitmq({ ...config, port: server.port });
  announce(options.logger, 'RabbitMQ', server, `user ${server.user}`);
  const supervised = supervise({ name: 'RabbitMQ', start, judge: () => 'restart' }, options, server);
  return { ...supervised, environment: { RABBITMQ_URL: server.url } };
}

function announce(logger: Logger, name: string, server: PostgresServer | RabbitmqServer, access: string): void {
  logger.info({ log: server.logFile }, `${name} listens on ${server.host}:${server.port} (${access})`);
}

function databaseVariables(server: PostgresServer): Environment {
  return {
    DB_HOST: server.host,
    DB_PORT: String(server.port),
    DB_DATABASE: server.database,
    DB_USERNAME: server.user,
    DB_PASSWORD: server.password,
    DB_SSLMODE: 'disable',
  };
}

function isBrokerNamed(environment: Environment): boolean {
  return environment['RABBITMQ_URL'] !== undefined || environment['RABBITMQ_URL_FILE'] !== undefined;
}
