import { openHistory } from '@pipeline/probe';
import { type Logger, PipelineError } from '@pipeline/protocol';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { z } from 'zod';
import { configError, readConfig, scrubEnvironment } from './config.ts';
import { serviceFields } from './config-fields.ts';
import { createDefects, type Defects } from './defects.ts';
import { processEnvironment } from './environment.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { Health } from './health.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { LogLines } from './log-lines.ts';
import { createLogger } from './logger.ts';
import { addReadinessMetric } from './readiness-metric.ts';
import { Redaction } from './redaction.ts';
import { type SettingInForce, settingsInForce } from './settings-in-force.ts';
import { type Shutdown, stopOnSignal } from './shutdown.ts';
import { openTracing } from './tracing/open-tracing.ts';
import type { Tracing } from './tracing/tracing.ts';

export interface ServiceContext<Config> {
  config: Config;
  logger: Logger;
  /** Keeps the lines of the log for the pages, once the service has a database. */
  logLines: LogLines;
  /** The settings in force, without secrets. */
  settings: SettingInForce[];
  /** Takes the readiness checks of the service. */
  health: Health;
  /** Takes the metrics of the service: `new Counter({ registers: [metrics], ... })`. */
  metrics: Registry;
  /** Counts what a loop, a lease or a consumer of the service did not expect. */
  defects: Defects;
  /** Takes the routes of the service. */
  http: HttpServer;
  /** Takes secrets that come up later, such as a fresh access token: their values are masked in the log. */
  redaction: Redaction;
  /** Tells what the service does to who listens. */
  tracing: Tracing;
  /** Ends the service by itself, as a signal would. */
  shutdown: Shutdown;
}

export interface RunningService {
  /** Finishes or returns the work in hand, within 8 s. */
  stop(): Promise<void>;
}

export interface Service<Schema extends z.ZodObject> {
  name: string;
  /** The variables of the service itself; those of log and HTTP are added. */
  config: Schema;
  /** HTTP_PORT is a page for people: there only `/healthz` responds without a login, and the rest of the probes has a port of its own. @default false */
  hasPage?: boolean;
  start(context: ServiceContext<z.output<Schema>>): Promise<RunningService>;
}

/** Runs a service until a signal: configuration, log, health and metrics over HTTP, then `start`, then a graceful stop.
 *  It is ready when `start` has returned and every registered check is content. */
export async function runService<Schema extends z.ZodObject>(service: Service<Schema>): Promise<void> {
  const redaction = new Redaction();
  let logger = createLogger({ name: service.name, level: 'info', redaction });
  try {
    const { config, common, settings } = loadBoth(service.config, redaction);
    const logLines = new LogLines();
    logger = createLogger({
      name: service.name,
      level: common.LOG_LEVEL,
      format: common.LOG_FORMAT,
      redaction,
      onLine: logLines.add,
    });
    if (common.HISTORY_PATH !== undefined) openHistory(common.HISTORY_PATH);
    const health = new Health();
    const metrics = new Registry();
    collectDefaultMetrics({ register: metrics });
    addReadinessMetric(metrics, health);
    redaction.add(...Object.values(common.OTEL_EXPORTER_OTLP_HEADERS));
    const tracing = await openTracing({
      ...{ name: service.name, logger },
      ...{ endpoint: common.OTEL_EXPORTER_OTLP_ENDPOINT, headers: common.OTEL_EXPORTER_OTLP_HEADERS },
    });
    let running: RunningService | undefined;
    let http: HttpServer | undefined;
    const shutdown = stopOnSignal(logger, async () => {
      health.stopping();
      await running?.stop();
      await tracing.stop();
      await http?.close();
    });
    http = await startHttpServer({
      ...{ host: common.HTTP_HOST, port: common.HTTP_PORT, health, metrics, logger },
      probesPort: common.METRICS_PORT ?? (service.hasPage ? 0 : undefined),
    });
    running = await service.start({
      config,
      logger,
      health,
      metrics,
      defects: createDefects(metrics),
      http,
      redaction,
      logLines,
      settings,
      tracing,
      shutdown,
    });
    health.started();
    logger.info({}, 'started');
  } catch (error) {
    if (error instanceof PipelineError) logger.error({ code: error.code }, `could not start: ${error.message}`);
    else logger.error({ err: error }, 'could not start: an unexpected error');
    process.exit(exitCodeOf(error));
  }
}

function loadBoth<Schema extends z.ZodObject>(schema: Schema, redaction: Redaction) {
  const environment = processEnvironment();
  const common = readConfig(z.object(serviceFields), environment);
  const own = readConfig(schema, environment);
  redaction.add(...common.secrets, ...own.secrets);
  if (common.config === undefined || own.config === undefined) {
    throw configError([...common.problems, ...own.problems]);
  }
  // Before the secrets leave the environment: afterwards they would look as if they were not set.
  const settings = settingsInForce(schema, environment);
  scrubEnvironment(schema);
  scrubEnvironment(z.object(serviceFields));
  return { config: own.config, common: common.config, settings };
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof PipelineError)) return EXIT_CODES.failure;
  if (error.recovery === 'fix-config') return EXIT_CODES.configuration;
  return error.code === 'NOT_READY' ? EXIT_CODES.notReady : EXIT_CODES.failure;
}
