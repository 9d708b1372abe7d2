import type { Pool } from '@pipeline/postgres';
import type { Route, RouteInput, RouteName, Routes } from '@pipeline/protocol/api';
import { routes } from '@pipeline/protocol/api';
import type { Request, RequestHandler, Response } from 'express';
import type { Caller } from '../../access/caller.ts';
import type { KnownCallers } from '../../access/known-callers.ts';
import { RequestError } from './errors.ts';
import type { Guards } from './guards.ts';
import type { Call, Handlers } from './handler.ts';
import type { Reply } from './idempotency.ts';
import { checkNoNul, textOf } from './request-text.ts';

/** The way of a request through a route: who calls, may they, does it make sense, then the handler. */
export function serveRoute<Name extends RouteName>(
  deps: { pool: Pool; handlers: Handlers; guards: Guards; callers: KnownCallers },
  name: Name,
): RequestHandler {
  const route: Route = routes[name];
  const handle = deps.handlers[name];
  return async (request, response) => {
    const caller = await admit(deps, route, request);
    const call: Call = { caller, actor: caller?.name ?? 'nobody', rawBody: textOf(request), request, response };
    const input = parse<Name>(route, request);
    const act = async (): Promise<Reply> => ({ status: route.status ?? 200, body: await handle(input, call) });
    send(route, response, await deps.guards.actOnce(deps.pool, request, caller?.tokenId ?? '', act));
  };
}

async function admit(
  { pool, guards, callers }: { pool: Pool; guards: Guards; callers: KnownCallers },
  route: Route,
  request: Request,
): Promise<Caller | undefined> {
  if (route.role === 'public') return undefined;
  const caller = await callers.find(pool, request);
  if (caller === undefined) {
    const hasToken = request.get('authorization') !== undefined;
    const message = hasToken ? 'the access token is unknown, revoked or over' : 'this needs a login';
    throw new RequestError({ status: 401, code: 'NOT_LOGGED_IN', message });
  }
  guards.checkRole(caller, route.role);
  guards.checkCsrf(caller, request);
  return caller;
}

function parse<Name extends RouteName>(route: Route, request: Request): RouteInput<Routes[Name]> {
  const given = { params: request.params, query: request.query, body: request.body };
  checkNoNul(given.params);
  checkNoNul(given.query);
  checkNoNul(given.body);
  const parsed = {
    params: route.params?.parse(given.params),
    query: route.query?.parse(given.query),
    body: route.body?.parse(given.body ?? {}),
  };
  // Each part was parsed with the schema that its type is inferred from.
  return parsed as RouteInput<Routes[Name]>;
}

function send(route: Route, response: Response, { status, body }: Reply): void {
  // Events have taken the response over.
  if (response.headersSent) return;
  response.status(status).set('Cache-Control', 'no-store');
  if (typeof body === 'string') response.type(route.media ?? 'text/plain').send(body);
  else response.json(body);
}
