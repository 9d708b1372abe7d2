import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Logger, PipelineError } from '@pipeline/contracts';
import express, { type ErrorRequestHandler, type Router } from 'express';
import helmet from 'helmet';
import type { Registry } from 'prom-client';
import type { Health } from './health.ts';

export interface HttpServer {
  /** Takes the routes of the service, beside `/livez`, `/healthz`, `/readyz` and `/metrics`. */
  router: Router;
  port: number;
  /** Stops listening and ends every connection, also those that wait for events. */
  close(): Promise<void>;
}

export interface HttpServerOptions {
  host: string;
  /** 0 takes a free port. */
  port: number;
  health: Health;
  metrics: Registry;
  logger: Logger;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** Serves health and metrics from the moment a service starts, long before it is ready. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const router = express.Router();
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders);
  app.use(healthRoutes(options.health, options.metrics));
  app.use(router);
  app.use((_request, response) => void response.status(404).json({ error: 'not found' }));
  app.use(errorHandler(options.logger));
  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS }, app);
  const { port } = await listen(server, options);
  options.logger.info({ host: options.host, port }, 'health and metrics are served');
  return { router, port, close: () => close(server) };
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

function healthRoutes(health: Health, metrics: Registry): Router {
  const live: express.RequestHandler = (_request, response) => {
    const isAlive = health.isAlive();
    response.status(isAlive ? 200 : 503).json({ status: isAlive ? 'alive' : 'the event loop stood still' });
  };
  return express
    .Router()
    .get('/livez', live)
    .get('/healthz', live)
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

function listen(server: Server, { host, port }: HttpServerOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new PipelineError({
          code: 'HTTP_LISTEN_FAILED',
          recovery: 'fix-config',
          message: `cannot listen on ${host}:${port} (${cause.code ?? cause.message}): set HTTP_HOST and HTTP_PORT`,
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
