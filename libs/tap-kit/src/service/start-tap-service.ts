import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { commonTopology, mergeTopologies, PipelineError, pipelineName, sourceTopology } from '@pipeline/contracts';
import type { Pool } from '@pipeline/postgres';
import { Counter, connectPlatform, type RunningService, type ServiceContext } from '@pipeline/service';
import { databaseTokenStore } from '../auth/database-token-store.ts';
import { encryptionKey } from '../auth/encryption.ts';
import type { TokenStore } from '../auth/token-store.ts';
import { AccountCatalog } from '../catalog/account-catalog.ts';
import { openSource } from '../connection/source.ts';
import type { Tap } from '../declaration.ts';
import { systemTiming } from '../http/timing.ts';
import { interrupted } from '../read/interruption.ts';
import { consumeCommands } from './command-consumer.ts';
import { configureTap } from './configured-tap.ts';
import { keepRegistered, selectedTasks } from './registration.ts';
import type { ServiceConfig } from './service-config.ts';
import { SharedRateLimiter } from './shared-rate-limiter.ts';
import { runAttempt } from './task-attempt.ts';
import { keepUp } from './upkeep.ts';
import { within } from './within.ts';

/** A request that is in flight when the service is asked to stop may take this long; then it is cut. The service has 8 s in all. */
const PAGE_GRACE_MS = 5_000;

/** Longest wait for the account's own streams before the others are registered without them. */
const DISCOVERY_WAIT_MS = 10_000;

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

  const { pool, broker, close } = await connectPlatform({
    name: `tap-${tap.source}`,
    config,
    topology: mergeTopologies(commonTopology, sourceTopology(tap.source)),
    logger,
    health,
  });
  const stopping = new AbortController();
  const cutting = new AbortController();
  const records = counter(metrics, 'tap_records_total', 'Records sent to the broker.', ['stream']);
  const requests = counter(metrics, 'tap_http_requests_total', 'Answers of the source.', ['status']);
  const source = openSource(tap, configured.settings, {
    limiter: new SharedRateLimiter({
      pool,
      source: tap.source,
      connection: tap.source,
      factor: config.TAP_RATE_LIMIT_FACTOR,
      timing: systemTiming,
      logger,
      signal: cutting.signal,
    }),
    tokenStore: () => openTokenStore(pool, tap.source, config.CREDENTIALS_KEY),
    timing: systemTiming,
    logger,
    stop: stopping.signal,
    onResponse: ({ status }) => requests.inc({ status: String(status) }),
  });
  const intervalSeconds = config.DISCOVERY_INTERVAL_SECONDS;
  const catalog = new AccountCatalog(tap, { select: configured.select, intervalSeconds, logger });
  logger.info({ selected: selectedTasks(catalog).map(({ name }) => name) }, 'catalog and selection applied');
  const signals = { stop: stopping.signal, abort: cutting.signal };
  // A source that does not respond in time is asked again later: its other streams are registered meanwhile.
  if (catalog.isDue(Date.now()))
    await within(
      catalog.refresh(() => source.connect(signals), Date.now()),
      DISCOVERY_WAIT_MS,
    );
  const upkeep = keepUp({ catalog, source, signals, logger });
  const registration = await keepRegistered({
    pool,
    source: tap.source,
    streams: () => selectedTasks(catalog),
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
        ...{ catalog, source, pool, publisher, logger, signals },
        fullReadIntervalSeconds: config.FULL_READ_INTERVAL_SECONDS,
        leaseMs,
        onRows: (stream, rows) => records.inc({ stream }, rows),
      }),
  });

  return {
    stop: async () => {
      registration.stop();
      upkeep.stop();
      stopping.abort(interrupted());
      const timer = setTimeout(() => cutting.abort(interrupted()), PAGE_GRACE_MS);
      await commands.stop();
      clearTimeout(timer);
      source.close();
      await close();
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

function openTokenStore(pool: Pool, source: string, key: string | undefined): TokenStore {
  if (key === undefined) {
    throw new PipelineError({
      code: 'CREDENTIALS_KEY_MISSING',
      recovery: 'fix-config',
      message: `tap-${source} keeps rotating tokens in the database, encrypted: set CREDENTIALS_KEY, made with \`openssl rand -hex 32\``,
    });
  }
  return databaseTokenStore({ pool, name: source, key: encryptionKey(key) });
}
