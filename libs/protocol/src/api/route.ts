import type { z } from 'zod';
import type { Role } from './access.ts';

/** One route of the API as data: the server, its description, the command line and the tests are made from it. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/api/runs/:id` */
  path: `/api/${string}`;
  /** The least role that may call it. `public`: also without a login. */
  role: Role | 'public';
  summary: string;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  response: z.ZodType;
  /** Of success. @default 200 */
  status?: 200 | 201 | 202 | 204;
  /** @default application/json */
  media?: 'application/json' | 'text/event-stream' | 'text/plain' | 'text/html';
}

/** Types routes. */
export function defineRoutes<const Routes extends Record<string, Route>>(routes: Routes): Routes {
  return routes;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;
type Sent<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined;

/** What the handler of a route gets. */
export interface RouteInput<R extends Route> {
  params: Parsed<R['params']>;
  query: Parsed<R['query']>;
  body: Parsed<R['body']>;
}

/** What a client sends to a route. */
export interface RouteRequest<R extends Route> {
  params: Sent<R['params']>;
  query: Sent<R['query']>;
  body: Sent<R['body']>;
}

/** What a route responds with. */
export type RouteResponse<R extends Route> = z.output<R['response']>;
