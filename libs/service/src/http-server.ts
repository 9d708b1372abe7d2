import { createServer, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Logger, PipelineError } from '@pipeline/contracts';
import express, { type ErrorRequestHandler, type Router } from 'express';
import helmet from 'helmet';
import type { Registry } from 'prom-client';
import type { Health } from './health.ts';

export interface HttpServer {
  /** Takes the routes of the service, beside `/healthz` and, without a port of their own, `/livez`, `/readyz` and `/metrics`. */
  router: Router;
  port: number;
  /** Stops listening and ends every connection, also those that wait for events. */
  close(): Promise<void>;
}

export interface HttpServerOptions {
  host: string;
  /** 0 takes a free port. */
  port: number;
  /** Of `/livez`, `/readyz` and `/metrics`. Undefined: `port`. */
  probesPort?: number | undefined;
  health: Health;
  metrics: Registry;
  logger: Logger;
  /** @default TIMEOUTS */
  timeouts?: Pick<ServerOptions, 'headersTimeout' | 'requestTimeout' | 'connectionsCheckingInterval'>;
}

/** In milliseconds. Connections are looked at every `connectionsCheckingInterval`: one that is too slow is closed so much later at most. Node's own
 *  30 s would triple the time-out. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 };

/** Serves health and metrics from the moment a service starts, long before it is ready. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, probesPort, health, metrics, logger } = options;
  const router = express.Router();
  const probes = probeRoutes(health, metrics);
  if (probesPort === undefined) {
    const server = await serve([healthRoute(health), probes, router], options);
    logger.info({ host, port: server.port }, 'health and metrics are served');
    return { router, ...server };
  }
  const own = await serve([healthRoute(health), probes], { ...options, port: probesPort });
  logger.info({ host, port: own.port }, 'health and metrics are served');
  const page = await serve([healthRoute(health), router], options);
  logger.info({ host, port: page.port }, 'the page is served');
  return { router, port: page.port, close: async () => void (await Promise.all([page.close(), own.close()])) };
}

async function serve(
  routers: Router[],
  { host, port, logger, timeouts = TIMEOUTS }: Pick<HttpServerOptions, 'host' | 'port' | 'logger' | 'timeouts'>,
): Promise<Pick<HttpServer, 'port' | 'close'>> {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders);
  app.use(...routers);
  app.use((_request, response) => void response.status(404).json({ error: 'not found' }));
  app.use(errorHandler(logger));
  const server = createServer(timeouts, app);
  const address = await listen(server, { host, port });
  return { port: address.port, close: () => close(server) };
}

// TLS ends in front of us, so headers that insist on it would only break plain use on one machine.
const securityHeaders = helmet({
  strictTransportSecurity: false,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
    },
  },
});

const live =
  (health: Health): express.RequestHandler =>
  (_request, response) => {
    const isAlive = health.isAlive();
    response.status(isAlive ? 200 : 503).json({ status: isAlive ? 'alive' : 'the event loop stood still' });
  };

/** Says alive or not, and nothing else: to everybody. */
function healthRoute(health: Health): Router {
  return express.Router().get('/healthz', live(health));
}

function probeRoutes(health: Health, metrics: Registry): Router {
  return express
    .Router()
    .get('/livez', live(health))
    .get('/readyz', async (_request, response) => {
      const { isReady, checks } = await health.readiness();
      response.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not ready', checks });
    })
    .get('/metrics', async (_request, response) => {
      response.type(metrics.contentType).send(await metrics.metrics());
    });
}

function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = clientErrorStatus(error);
    if (status === undefined)
      logger.error({ err: error, method: request.method, path: request.path }, 'request failed');
    response.status(status ?? 500).json({ error: status === undefined ? 'internal error' : 'bad request' });
  };
}

/** Body parsers mark what the client did wrong with a status. */
function clientErrorStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

function listen(server: Server, { host, port }: Pick<HttpServerOptions, 'host' | 'port'>): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new PipelineError({
          code: 'HTTP_LISTEN_FAILED',
          recovery: 'fix-config',
          message: `cannot listen on ${host}:${port} (${cause.code ?? cause.message}): set HTTP_HOST and HTTP_PORT, or METRICS_PORT`,
          cause,
        }),
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
