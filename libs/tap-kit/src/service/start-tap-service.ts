import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { connectBroker } from '@pipeline/broker';
import { commonTopology, mergeTopologies, PipelineError, pipelineName, sourceTopology } from '@pipeline/contracts';
import { migrateControl } from '@pipeline/control';
import { createPool, type Pool } from '@pipeline/postgres';
import { Counter, databaseOptions, type RunningService, type ServiceContext, waitUntilReady } from '@pipeline/service';
import { databaseVault } from '../auth/database-vault.ts';
import { sealKey } from '../auth/seal.ts';
import type { Vault } from '../auth/vault.ts';
import type { Tap } from '../declaration.ts';
import { systemTiming } from '../http/timing.ts';
import { interrupted } from '../interruption.ts';
import { openSource } from '../source.ts';
import { consumeCommands } from './command-consumer.ts';
import { configureTap } from './configured-tap.ts';
import { keepRegistered, selectedTasks } from './registration.ts';
import type { ServiceConfig } from './service-config.ts';
import { SharedRateLimiter } from './shared-rate-limiter.ts';
import { runAttempt } from './task-attempt.ts';

/** A request that is in flight when the service is asked to stop may take this long; then it is cut. The service has 8 s in all. */
const PAGE_GRACE_MS = 5_000;

/** Puts a tap together as a service: registers its pipeline and takes its commands. */
export async function startTapService<Settings>(
  tap: Tap<Settings>,
  context: ServiceContext<ServiceConfig>,
  options: { version: string; configPath: string },
): Promise<RunningService> {
  const { config, health, metrics, redaction } = context;
  const logger = context.logger.child({ pipeline: pipelineName(tap.source), system: tap.source });
  logger.info({ version: options.version }, `tap-${tap.source} starts`);
  const configured = configureTap(tap, options.configPath, { logger, redaction });
  if (configured === undefined) return { stop: () => Promise.resolve() };

  const pool = createPool({
    ...databaseOptions(config, `tap-${tap.source}`),
    onError: (err) => logger.warn({ err }, 'an idle connection to the database was lost'),
  });
  await waitUntilReady('PostgreSQL', () => migrateControl(pool), { logger });
  const topology = mergeTopologies(commonTopology, sourceTopology(tap.source));
  const broker = await waitUntilReady(
    'RabbitMQ',
    () => connectBroker({ url: config.RABBITMQ_URL, name: `tap-${tap.source}`, logger, topology }),
    { logger },
  );
  health.register('postgres', async () => ((await pool.query('select')) === undefined ? 'no answer' : null));
  health.register('rabbitmq', () => broker.notReadyBecause());

  const stopping = new AbortController();
  const cutting = new AbortController();
  const records = counter(metrics, 'tap_records_total', 'Records sent to the broker.', ['stream']);
  const requests = counter(metrics, 'tap_http_requests_total', 'Answers of the source.', ['status']);
  const source = openSource(tap, configured.settings, {
    limiter: new SharedRateLimiter({
      pool,
      source: tap.source,
      factor: config.TAP_RATE_LIMIT_FACTOR,
      timing: systemTiming,
      logger,
      signal: cutting.signal,
    }),
    vault: () => openVault(pool, tap.source, config.CREDENTIALS_KEY),
    timing: systemTiming,
    logger,
    stop: stopping.signal,
    onAnswer: ({ status }) => requests.inc({ status: String(status) }),
  });
  const registration = await keepRegistered({
    pool,
    source: tap.source,
    streams: selectedTasks(tap, configured.selection),
    logger,
  });
  const publisher = broker.publisher();
  const leaseMs = config.TAP_LEASE_SECONDS * 1_000;
  const commands = await consumeCommands({
    broker,
    pool,
    logger,
    source: tap.source,
    claimedBy: `${hostname()}/${randomUUID().slice(0, 8)}`,
    concurrency: config.TAP_CONCURRENCY,
    leaseMs,
    stop: stopping.signal,
    attempt: (claim) =>
      runAttempt(claim, {
        ...configured,
        tap,
        source,
        pool,
        publisher,
        logger,
        signals: { stop: stopping.signal, abort: cutting.signal },
        fullReadIntervalSeconds: config.FULL_READ_INTERVAL_SECONDS,
        leaseMs,
        onRows: (stream, rows) => records.inc({ stream }, rows),
      }),
  });

  return {
    stop: async () => {
      registration.stop();
      stopping.abort(interrupted());
      const timer = setTimeout(() => cutting.abort(interrupted()), PAGE_GRACE_MS);
      await commands.stop();
      clearTimeout(timer);
      source.close();
      await broker.close();
      await pool.end();
    },
  };
}

function counter<Label extends string>(
  metrics: ServiceContext<unknown>['metrics'],
  name: string,
  help: string,
  labelNames: Label[],
): Counter<Label> {
  return new Counter({ name, help, labelNames, registers: [metrics] });
}

function openVault(pool: Pool, source: string, key: string | undefined): Vault {
  if (key === undefined) {
    throw new PipelineError({
      code: 'CREDENTIALS_KEY_MISSING',
      recovery: 'fix-config',
      message: `tap-${source} keeps rotating tokens in the database, encrypted: set CREDENTIALS_KEY, made with \`openssl rand -hex 32\``,
    });
  }
  return databaseVault({ pool, name: source, key: sealKey(key) });
}
