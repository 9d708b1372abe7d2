import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { encryptionKey } from '@pipeline/control';
import { type Logger, pipelineName } from '@pipeline/protocol';
import { connectPlatform, type RunningService, type ServiceContext } from '@pipeline/service';
import type { Tap } from '../declaration.ts';
import { interrupted } from '../read/interruption.ts';
import { consumeCommands } from './command-consumer.ts';
import { Connections } from './connections.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { connectionOpener } from './open-deps.ts';
import { runCheck } from './run-check.ts';
import type { ServiceConfig } from './service-config.ts';
import { tapMetrics } from './tap-metrics.ts';
import { tracedAttempt } from './traced-attempt.ts';

/** A request that is in flight when the service is asked to stop may take this long; then it is cut. The service has 8 s in all. */
const PAGE_GRACE_MS = 5_000;

/** Puts a tap together as a service: serves the connections of its source, registers their pipelines and takes their commands. */
export async function startTapService<Settings>(
  tap: Tap<Settings>,
  context: ServiceContext<ServiceConfig>,
  options: { version: string; configPath: string },
): Promise<RunningService> {
  const { config, defects, health, redaction, logLines, settings } = context;
  const logger = context.logger.child({ pipeline: pipelineName(tap.source), system: tap.source });
  const { version } = options;
  logger.info({ version }, `tap-${tap.source} starts`);
  const environment = readEnvironment(tap, options.configPath, redaction);
  const key = config.CREDENTIALS_KEY === undefined ? undefined : encryptionKey(config.CREDENTIALS_KEY);
  if (!environment.isConfigured) tellUnconfigured(environment, logger);
  // Without a key nobody can save a connection on the page either.
  if (!environment.isConfigured && key === undefined) return { stop: () => Promise.resolve() };

  const { pool, broker, close } = await connectPlatform({
    name: `tap-${tap.source}`,
    config,
    logger,
    health,
    defects,
    logLines,
    settings,
  });
  const stopping = new AbortController();
  const cutting = new AbortController();
  const signals = { stop: stopping.signal, abort: cutting.signal };
  const metrics = tapMetrics(context.metrics);
  const openDeps = connectionOpener(tap, {
    pool,
    config,
    key,
    environment,
    redaction,
    logger,
    signals,
    metrics,
    defects,
  });
  const connections = new Connections({ tap, version, environment, key, pool, logger, openDeps, defects });
  await connections.start();
  const publisher = broker.publisher();
  const leaseMs = config.TAP_LEASE_SECONDS * 1_000;
  const commands = await consumeCommands({
    ...{ broker, pool, logger, leaseMs, source: tap.source },
    claimedBy: `${hostname()}/${randomUUID().slice(0, 8)}`,
    concurrency: config.TAP_CONCURRENCY,
    stop: stopping.signal,
    attempt: (claim, traceparent) =>
      tracedAttempt(claim, traceparent, {
        ...{ tracing: context.tracing, connections, pool, publisher, logger, signals, leaseMs, defects },
        fullReadIntervalSeconds: config.FULL_READ_INTERVAL_SECONDS,
        onRows: (stream, rows) => metrics.records.inc({ stream }, rows),
      }),
    check: (checkId) => runCheck(checkId, { tap, pool, key, connections, openDeps, signals }),
  });
  return {
    stop: async () => {
      stopping.abort(interrupted());
      await connections.stop();
      const timer = setTimeout(() => cutting.abort(interrupted()), PAGE_GRACE_MS);
      await commands.stop();
      clearTimeout(timer);
      await close();
    },
  };
}

function tellUnconfigured({ file }: Environment, logger: Logger): void {
  const names = [...file.variables.values()].map(([preferred]) => preferred);
  logger.warn({}, `no credentials, so this pipeline is left out: set ${names.join(', ')}`);
}
