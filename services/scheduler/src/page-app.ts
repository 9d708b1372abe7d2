import type { Logger } from '@pipeline/protocol';
import express, { type ErrorRequestHandler, type Express, type Router } from 'express';
import helmet from 'helmet';

/** The application behind the page's port: security headers, what `router` serves, and errors that say nothing. */
export function pageApp(router: Router, logger: Logger): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders);
  app.use(router);
  app.use((_request, response) => void response.status(404).json({ error: 'not found' }));
  app.use(errorHandler(logger));
  return app;
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
