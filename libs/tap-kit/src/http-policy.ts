import type { Recovery } from '@pipeline/contracts';
import type { Json, JsonObject } from '@pipeline/singer';

/** How a source is reached, as data and pure functions. */
export interface HttpPolicy {
  /** `https://api.hubapi.com`. Every request, redirect and next-page link must stay on this scheme and host, or on one of `otherHosts`.
   *  Plain http is allowed only when an operator configured the address. */
  baseUrl: string;
  otherHosts?: string[];
  auth: Auth;
  headers?: Record<string, string>;
  /** Shared by all replicas of the tap through PostgreSQL. A request takes one token from every limit that `applies`. */
  limits: RateLimit[];
  /** Most requests of this tap in flight, over all its replicas. */
  concurrencyMax?: number;
  /** What an answer other than 2xx means. Pure. Undefined: the runtime's default for its status (401 refresh once, then
   *  `fix-config`; 403 `fix-config`; 408, 425, 429, 5xx and cut bodies `retry`; any other 4xx `fail`). */
  failure?: (answer: HttpAnswer) => HttpFailure | undefined;
  /** Names of response headers that identify a request for the source's support: they are logged and put in errors. */
  correlationHeaders?: string[];
}

export type Auth =
  | { kind: 'bearer'; token: string }
  /** OAuth 2 with a refresh token that may rotate at each use. The runtime keeps the newest pair in the encrypted store
   *  (service) or in the config file (executable), saves it before first use, and refreshes under a lock. */
  | {
      kind: 'refresh-token';
      tokenUrl: string;
      clientId: string;
      clientSecret: string;
      /** What the operator configured: used when the store holds nothing newer for it. */
      refreshToken: string;
      /** How long the provider accepts the previous refresh token after a lost answer, in milliseconds. */
      graceMs: number;
      /** The endpoint wants client id and secret as HTTP Basic (Xero) or in the form (Wrike, HubSpot). */
      clientAuth: 'basic' | 'form';
    }
  /** OAuth 2 client credentials: no refresh token (Xero custom connections). */
  | { kind: 'client-credentials'; tokenUrl: string; clientId: string; clientSecret: string; scope?: string };

export interface RateLimit {
  /** Stable: part of the shared counter's key. */
  name: string;
  requests: number;
  perMs: number;
  /** @default every request */
  applies?: (request: { method: string; path: string }) => boolean;
}

export interface HttpAnswer {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** Parsed if it is JSON, else undefined. */
  json: Json | undefined;
  method: string;
  path: string;
}

export interface HttpFailure {
  code: string;
  recovery: Recovery;
  /** The source's reason and what to do. Never a body, a token or a record value. */
  message: string;
  /** Wait this long before the next request of this tap, in milliseconds. */
  retryAfterMs?: number;
  /** A limit that resets only after hours: the read stops with its state kept, and the task ends incomplete. */
  stopsRun?: boolean;
}

export interface HttpRequest {
  method?: 'GET' | 'POST';
  /** Path below `baseUrl`, or an absolute address on an allowed host. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  /** Sent as JSON. POST requests of a tap read only (searches, batch reads), so they are retried like GET. */
  body?: JsonObject;
}

export interface HttpClient {
  /** Sends the request within the limits, retries what can be retried, and gives the parsed body of the 2xx answer, exact
   *  in every number. 204 and 304 give `null`.
   *  @throws PipelineError once the retries are used up, or at once for failures that no retry can mend. */
  json: (request: HttpRequest) => Promise<Json>;
}
