import type { Logger } from '@pipeline/protocol';
import { type RouteName, routes } from '@pipeline/protocol/api';
import express, { type Router } from 'express';
import { KnownCallers } from '../access/known-callers.ts';
import type { ApiDeps } from './deps.ts';
import { handlersOf } from './handlers.ts';
import { noSuchRoute, respondToErrors } from './http/errors.ts';
import { GUARDS, type Guards } from './http/guards.ts';
import { requestLimit } from './http/limits.ts';
import { keepText } from './http/request-text.ts';
import { serveRoute } from './http/serve-route.ts';

const BODY_BYTES_MAX = 64 * 1024;
/** A state may hold bookmarks of many tenants, a configuration many connections. */
const LARGE_BODY_BYTES_MAX = 1024 * 1024;
const LARGE_BODIES: RouteName[] = ['setState', 'applyConfiguration'];
const REQUESTS_PER_MINUTE = 1_200;
/** Guessing a token of 256 bits is hopeless anyway; this keeps the attempts out of the log and the database. */
const LOGINS_PER_MINUTE = 5;
const TOO_MANY_LOGINS = { code: 'TOO_MANY_LOGINS', message: 'five wrong tokens within a minute' };

interface RouterDeps extends ApiDeps {
  logger: Logger;
  /** @default all - only a test turns one off, to see what would happen. */
  guards?: Partial<Guards>;
}

/** Serves the API: every route of the list in libs/protocol, the description of it, and one form of errors. */
export function addApi(router: Router, deps: RouterDeps): void {
  const api = express.Router();
  const handlers = handlersOf(deps);
  const guards = { ...GUARDS, ...deps.guards };
  const callers = new KnownCallers();
  api.use(requestLimit(REQUESTS_PER_MINUTE));
  api.post('/api/login', requestLimit(LOGINS_PER_MINUTE, TOO_MANY_LOGINS, true));
  for (const name of Object.keys(routes) as RouteName[]) {
    const { method, path } = routes[name];
    const bytesMax = LARGE_BODIES.includes(name) ? LARGE_BODY_BYTES_MAX : BODY_BYTES_MAX;
    const body = express.json({ limit: bytesMax, strict: false, verify: keepText });
    const handler = serveRoute({ pool: deps.pool, handlers, guards, callers }, name);
    api[verb(method)](path, body, handler);
  }
  api.use('/api', noSuchRoute);
  api.use(respondToErrors(deps.logger));
  router.use(api);
}

function verb(method: 'GET' | 'POST' | 'PUT' | 'DELETE'): 'get' | 'post' | 'put' | 'delete' {
  return ({ GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const)[method];
}
