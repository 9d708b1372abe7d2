import { signal } from '@preact/signals';
import type { ApiError, Me } from './schema.ts';

/** Who is logged in; undefined until the first response. */
export const me = signal<Me | undefined>(undefined);

const REQUEST_TIMEOUT_MS = 20_000;

/** What the server refused, in its own words, or that it could not be reached. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string;
  readonly id: string | undefined;
  readonly fields: { path: string; message: string }[];

  constructor(status: number, error: Partial<ApiError['error']>) {
    super(error.message ?? `the server responded with ${status}`);
    this.status = status;
    this.code = error.code ?? `HTTP_${status}`;
    this.remedy = error.remedy ?? 'try again';
    this.id = error.id;
    this.fields = error.fields ?? [];
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Reads a resource. The server's responses are checked by its own tests against the schema that `Body` comes from. */
export function read<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  return call<Body>('GET', path, { ...(signal === undefined ? {} : { signal }) });
}

/** Starts, sets or removes something. @throws ApiFailure */
export function send<Body>(method: Exclude<Method, 'GET'>, path: string, body?: unknown): Promise<Body> {
  return call<Body>(method, path, { body });
}

/** Sends JSON as it was typed: parsed here, a large number would be another one. @throws ApiFailure */
export function sendText<Body>(method: 'PUT', path: string, json: string): Promise<Body> {
  return call<Body>(method, path, { json });
}

interface Payload {
  body?: unknown;
  json?: string;
  signal?: AbortSignal;
}

async function call<Body>(method: Method, path: string, { body, json, signal }: Payload): Promise<Body> {
  const text = json ?? (body === undefined ? null : JSON.stringify(body));
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const response = await fetch(path, {
    method,
    headers: headersOf(method, text !== null),
    body: text,
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiFailure(0, {
      code: 'NOT_CONNECTED',
      message: 'The scheduler does not respond.',
      remedy: 'It goes on by itself when it is back; nothing is lost.',
    });
  });
  const parsed: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    if (response.status === 401 && !path.startsWith('/api/login')) toLogin();
    throw new ApiFailure(response.status, errorOf(parsed));
  }
  return parsed as Body;
}

function headersOf(method: Method, hasBody: boolean): Record<string, string> {
  const csrf = method === 'GET' ? null : me.value?.csrfToken;
  return {
    accept: 'application/json',
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
    ...(csrf === null || csrf === undefined ? {} : { 'x-csrf-token': csrf }),
    // The same press sent twice, by a proxy or a second tap, is one command.
    ...(method === 'POST' ? { 'idempotency-key': randomKey() } : {}),
  };
}

/** `crypto.randomUUID` needs a secure context, and this page is often opened by plain HTTP. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function errorOf(body: unknown): Partial<ApiError['error']> {
  if (typeof body !== 'object' || body === null || !('error' in body)) return {};
  const { error } = body;
  if (typeof error === 'string') return { message: error };
  return typeof error === 'object' && error !== null ? error : {};
}

/** The session has ended: the way back to this page goes along. */
function toLogin(): void {
  if (location.pathname === '/login') return;
  location.assign(`/login?ended&next=${encodeURIComponent(location.pathname + location.search)}`);
}
