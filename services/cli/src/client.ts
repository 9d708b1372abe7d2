import {
  ApiError,
  type Route,
  type RouteName,
  type RouteRequest,
  type RouteResponse,
  type Routes,
  routes,
} from '@pipeline/protocol/api';
import { findScheduler } from './find-scheduler.ts';

const TIMEOUT_MS = 30_000;

/** The API said no. */
export class Refused extends Error {
  readonly status: number;
  readonly error: ApiError['error'];

  constructor(status: number, error: ApiError['error']) {
    super(error.message);
    this.status = status;
    this.error = error;
  }
}

/** No scheduler responds. */
export class NotReachable extends Error {
  readonly remedy = 'start it, or set PIPELINE_URL to its address';
}

/** The parts that a route takes; one that may be left out is given as undefined. */
type Given<Name extends RouteName> = {
  [Part in keyof RouteRequest<Routes[Name]> as [RouteRequest<Routes[Name]>[Part]] extends [undefined]
    ? never
    : Part]: RouteRequest<Routes[Name]>[Part];
};

export interface Client {
  url: string;
  call: <Name extends RouteName>(name: Name, given: Given<Name>) => Promise<RouteResponse<Routes[Name]>>;
}

/** A client of the API: at PIPELINE_URL with PIPELINE_TOKEN, or of the scheduler of this folder. */
export function createClient(environment: NodeJS.ProcessEnv = process.env): Client {
  const { url, token } = findScheduler(environment);
  return { url, call: (name, given) => send(url, token, routes[name], given as Parts) as Promise<never> };
}

interface Parts {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
}

async function send(
  url: string,
  token: string | undefined,
  route: Route,
  { params = {}, query = {}, body }: Parts,
): Promise<unknown> {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const response = await fetch(`${url}${path}${search.size > 0 ? `?${search}` : ''}`, {
    method: route.method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new NotReachable(`no scheduler responds at ${url}`, { cause });
  });
  const text = await response.text();
  if (response.ok) return route.media === undefined ? JSON.parse(text) : text;
  const parsed = ApiError.safeParse(jsonIn(text));
  if (parsed.success) throw new Refused(response.status, forCommandLine(parsed.data.error));
  throw new NotReachable(`${url} responds with HTTP ${response.status}, and not as a scheduler does`);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What to do about a missing login is another thing here than on the page. */
function forCommandLine(error: ApiError['error']): ApiError['error'] {
  if (error.code !== 'NOT_LOGGED_IN') return error;
  const remedy =
    'set PIPELINE_TOKEN or PIPELINE_TOKEN_FILE to an access token; pipeline token create <name> --direct makes one where the database can be reached';
  return { ...error, remedy };
}
