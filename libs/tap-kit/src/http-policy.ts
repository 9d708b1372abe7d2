import type { Recovery } from '@pipeline/protocol';
import type { Json, JsonObject } from '@pipeline/singer';

/** How a source is reached, as data and pure functions. */
export interface HttpPolicy {
  /** `https://api.hubapi.com`. Every request, redirect and next-page link must stay on this scheme and host, or on one of `otherHosts`.
   *  Plain http is allowed only when an operator configured the address. */
  baseUrl: string;
  /** Other hosts that requests, redirects and next-page links may go to: names, or a rule for a whole domain (`*.wrike.com`). */
  otherHosts?: string[];
  auth: Auth;
  headers?: Record<string, string>;
  /** Shared by all replicas of the tap through PostgreSQL. A request takes one token from every limit that `applies`. */
  limits: RateLimit[];
  /** Most requests of this tap in flight, over all its replicas. */
  concurrencyMax?: number;
  /** What a response other than 2xx means. Pure. Undefined: the runtime's default for its status (401 refresh once, then
   *  `fix-config`; 403 `fix-config`; 408, 425, 429, 5xx and cut bodies `retry`; any other 4xx `fail`). A 401 that the tap calls
   *  `SOURCE_FORBIDDEN` is a missing scope: no token is spent on it. */
  failure?: (response: HttpResponse) => HttpFailure | undefined;
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
      /** How long the provider accepts the previous refresh token after a lost response, in milliseconds. */
      graceMs: number;
      /** A refresh token unused for this long is dead, in milliseconds: it is refreshed long before, even if nothing is read. @default never */
      lifetimeMs?: number;
      /** Where the account lives, if the token response says so (Wrike's `host`): requests go there instead of `baseUrl`. */
      baseUrlOf?: (tokenResponse: JsonObject) => string | undefined;
      /** The endpoint wants client id and secret as HTTP Basic (Xero) or in the form (Wrike, HubSpot). */
      clientAuth: 'basic' | 'form';
    }
  /** OAuth 2 client credentials: no refresh token (Xero custom connections). */
  | {
      kind: 'client-credentials';
      tokenUrl: string;
      clientId: string;
      clientSecret: string;
      /** Sets of scopes, separated by spaces, to ask for in turn: a provider that grants all or nothing refuses with `invalid_scope`.
       *  @default none is named */
      scopes?: string[];
    };

export interface RateLimit {
  /** Stable: part of the shared counter's key. */
  name: string;
  requests: number;
  perMs: number;
  /** The source tells nothing of what is left and may refuse earlier: after a 429 requests come more slowly for some minutes. @default false */
  isAdaptive?: boolean;
  /** @default every request */
  applies?: (request: { method: string; path: string }) => boolean;
  /** What the source says is left of this limit (`X-DayLimit-Remaining`). The shared counter follows it downwards, so that calls of
   *  other apps count too. Undefined: this response does not say. */
  remaining?: (response: Pick<HttpResponse, 'headers' | 'status'>) => number | undefined;
  /** Counters are shared by everything that has this account: a tenant, a portal. @default the connection */
  scope?: (request: { path: string; headers: Record<string, string> }) => string | undefined;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** Parsed if it is JSON, else undefined. */
  json: Json | undefined;
  /** Of the body, as they came over the network: some sources charge for them. @default not counted */
  bytes?: number;
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
  /** A list becomes a repeated parameter: `fields=a&fields=b`. */
  query?: Record<string, string | number | boolean | readonly string[] | undefined>;
  headers?: Record<string, string>;
  /** Sent as JSON. POST requests of a tap read only (searches, batch reads), so they are retried like GET. */
  body?: JsonObject;
  /** Tries of this request; fewer for one that is to be asked differently when it fails (a batch that is cut in two). @default 8 */
  triesMax?: number;
}

export interface HttpClient {
  /** Sends the request within the limits, retries what can be retried, and returns the parsed body of the 2xx response, exact
   *  in every number. 204 and 304 return `null`.
   *  @throws PipelineError once the retries are used up, or at once for failures that no retry can mend. Its `context` holds `status`,
   *  `method` and `path`; its code is the tap's own (`failure`), else `SOURCE_UNAUTHORISED`, `SOURCE_FORBIDDEN`, `SOURCE_RATE_LIMITED`,
   *  `SOURCE_UNAVAILABLE`, `SOURCE_REFUSED`, `SOURCE_MALFORMED_RESPONSE` or `SOURCE_RESPONSE_TOO_LARGE`. */
  json: (request: HttpRequest) => Promise<Json>;
  /** Like `json`, with status and headers of the 2xx or 304 response. */
  response: (request: HttpRequest) => Promise<HttpResponse>;
}
