import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Logger, PipelineError } from '@pipeline/protocol';
import type { Registry } from 'prom-client';
import type { Health } from './health.ts';
import { healthProbe, json, operatorProbes, type ProbeResponse, type Probes } from './probes.ts';

export interface HttpServer {
  /** Takes what responds to everything but `/healthz` and, without a port of their own, `/livez`, `/readyz` and `/metrics`. @default 404 */
  setPage(page: RequestListener): void;
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

const SECURITY_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/** Serves health and metrics from the moment a service starts, long before it is ready. Node's own server: a framework for four paths would cost
 *  every service 3 MB of memory and a quarter of its start. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, probesPort, health, metrics, logger } = options;
  const probes = new Map([...healthProbe(health), ...operatorProbes(health, metrics)]);
  let page = notFound;
  const setPage = (listener: RequestListener) => {
    page = listener;
  };
  const current: RequestListener = (request, response) => page(request, response);
  if (probesPort === undefined) {
    const server = await serve(probes, current, options);
    logger.info({ host, port: server.port }, 'health and metrics are served');
    return { setPage, ...server };
  }
  const own = await serve(probes, notFound, { ...options, port: probesPort });
  logger.info({ host, port: own.port }, 'health and metrics are served');
  const server = await serve(healthProbe(health), current, options);
  logger.info({ host, port: server.port }, 'the page is served');
  return { setPage, port: server.port, close: async () => void (await Promise.all([server.close(), own.close()])) };
}

async function serve(
  probes: Probes,
  others: RequestListener,
  { host, port, logger, timeouts = TIMEOUTS }: Pick<HttpServerOptions, 'host' | 'port' | 'logger' | 'timeouts'>,
): Promise<Pick<HttpServer, 'port' | 'close'>> {
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const [path = ''] = (request.url ?? '').split('?');
    try {
      const probe = isRead(request) ? probes.get(path) : undefined;
      if (probe === undefined) others(request, response);
      else send(response, await probe());
    } catch (error) {
      logger.error({ err: error, method: request.method, path }, 'request failed');
      if (response.headersSent) response.destroy();
      else send(response, json(500, { error: 'internal error' }));
    }
  };
  const server = createServer(timeouts, (request, response) => void respond(request, response));
  const address = await listen(server, { host, port });
  return { port: address.port, close: () => close(server) };
}

const isRead = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD';

const notFound: RequestListener = (_request, response) => send(response, json(404, { error: 'not found' }));

function send(
  response: ServerResponse,
  { status, type = 'application/json; charset=utf-8', body }: ProbeResponse,
): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
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
