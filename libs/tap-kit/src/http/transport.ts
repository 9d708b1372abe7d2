import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { errorCode, PipelineError } from '@pipeline/protocol';
import axios from 'axios';
import { guardedLookup, isInside } from './public-address.ts';
import { ACCEPT_ENCODING, readBody } from './response-body.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** Longest silence of an established connection. */
const IDLE_TIMEOUT_MS = 60_000;
/** Longest whole request, from connect to the last byte. */
const REQUEST_TIMEOUT_MS = 2 * 60_000;
/** Sockets kept per host: more than a tap has requests in flight. */
const SOCKETS_MAX = 16;

export interface TransportRequest {
  method: 'GET' | 'POST';
  url: URL;
  headers: Record<string, string>;
  body?: string;
  /** @default 2 minutes */
  timeoutMs?: number;
  signal: AbortSignal;
}

export interface TransportResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  text: string;
  /** Of the body, as they came over the network. @default not counted */
  bytes?: number;
}

/** Sends one request and reads the whole response, whatever its status. Does not follow redirects. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;

export interface TransportOptions {
  /** Where the source is. Unless that is a host inside, no name may lead to a private address. @default a host on the internet */
  baseUrl?: string;
  /** @default the system's */
  lookup?: LookupFunction;
}

/** A transport over connections that stay open between requests. `close` ends them.
 *  The standard variables HTTPS_PROXY and NO_PROXY hold. */
export function createTransport({ baseUrl, lookup }: TransportOptions = {}): {
  transport: Transport;
  close: () => void;
} {
  const targets = new Set<string>();
  const isGuarded = baseUrl === undefined || !isInside(baseUrl);
  // The agent's time-out counts until the socket is connected, and for idle sockets; afterwards axios' own holds.
  const options = {
    keepAlive: true,
    maxSockets: SOCKETS_MAX,
    timeout: CONNECT_TIMEOUT_MS,
    lookup: guardedLookup((host) => isGuarded && targets.has(host), lookup),
  };
  const httpAgent = new HttpAgent(options);
  const httpsAgent = new HttpsAgent(options);
  const close = () => {
    httpAgent.destroy();
    httpsAgent.destroy();
  };
  const transport: Transport = (request) => {
    targets.add(request.url.hostname);
    return send(request, { httpAgent, httpsAgent });
  };
  return { transport, close };
}

async function send(
  request: TransportRequest,
  agents: { httpAgent: HttpAgent; httpsAgent: HttpsAgent },
): Promise<TransportResponse> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMs ?? REQUEST_TIMEOUT_MS)]);
  try {
    const response = await axios.request<Readable>({
      url: request.url.href,
      method: request.method,
      headers: { 'accept-encoding': ACCEPT_ENCODING, ...request.headers },
      data: request.body,
      responseType: 'stream',
      decompress: false,
      maxRedirects: 0,
      timeout: IDLE_TIMEOUT_MS,
      validateStatus: () => true,
      transformRequest: (data: unknown) => data,
      signal,
      ...agents,
    });
    const headers = plainHeaders(response.headers);
    return {
      status: response.status,
      headers,
      ...(await readBody(response.data, headers['content-encoding'], signal)),
    };
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof PipelineError) throw error;
    throw error instanceof Error && error.cause instanceof PipelineError ? error.cause : unreachable(error);
  }
}

function plainHeaders(headers: object): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return Object.fromEntries(entries);
}

/** Axios' own error holds the whole request with its Authorization header: only its code may leave this file. */
function unreachable(error: unknown): PipelineError {
  return new PipelineError({
    code: 'SOURCE_UNREACHABLE',
    recovery: 'retry',
    message: `the source did not respond completely (${errorCode(error) ?? 'no response'})`,
  });
}
