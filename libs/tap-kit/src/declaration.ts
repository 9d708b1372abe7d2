import type { DeleteRule, PipelineError } from '@pipeline/protocol';
import type { WebhookSignature } from '@pipeline/protocol/api';
import type { Bookmark, JsonObject, JsonSchema } from '@pipeline/singer';
import type { ZodType, z } from 'zod';
import type { HttpClient, HttpPolicy } from './http-policy.ts';

/** A tap, as a value: settings, access to the source, streams. The runtime in this library runs it as a service and as
 *  a Singer executable; a tap holds no loop, no retry and no broker of its own. */
export interface Tap<Settings> {
  /** `hubspot`: names the queues, the database schema and the pipeline. */
  source: string;
  /** As people write it. @default the source with a capital letter */
  label?: string;
  /** How a token is made, in a sentence or two for the page: where, which scopes to tick. */
  tokenHelp?: string;
  /** Settings of the tap, as its Singer `config.json` spells them (snake_case). `config.yml` maps environment variables to them. */
  settings: ZodType<Settings>;
  /** The tap spends the day's requests evenly by itself, so that no choice of streams can be too much. @default false */
  spreadsRequests?: boolean;
  /** How the source is reached: address, authentication, rate limits, meaning of its errors. */
  http: (settings: Settings) => HttpPolicy;
  /** One cheap call that proves the credentials.
   *  @throws PipelineError with the source's reason and what to do. */
  connect: (http: HttpClient, settings: Settings) => Promise<Connected>;
  /** Streams that every account may have. */
  streams: Stream<Settings>[];
  /** Streams that only this account has (custom objects). Asked at start and then every `DISCOVERY_INTERVAL_SECONDS`, and for `--discover` with
   *  credentials. A name that `streams` has too replaces it. */
  discoverStreams?: (context: DiscoverContext<Settings>) => Promise<Stream<Settings>[]>;
  /** What each stream may read with these credentials, in as few calls as possible. @default nothing is known before a stream is read */
  check?: (context: DiscoverContext<Settings>) => Promise<StreamAccess[]>;
  /** How a person connects an account by a consent page. Undefined: only by pasting a token. */
  consent?: (settings: Partial<Settings>) => Consent;
  /** How the source signs its webhooks, each of which only makes the next run start at once. Undefined: it sends none. */
  webhooks?: Webhooks;
}

export type Webhooks = z.input<typeof WebhookSignature>;

export interface Connected {
  /** Sent with every later request. */
  headers?: Record<string, string>;
  /** Where the account lives, if not at the policy's `baseUrl`: on one of its `otherHosts`. */
  baseUrl?: string;
  /** The account that the credentials open: people recognise it by its name, limits are counted by its id. */
  account?: { id: string; name: string };
}

export interface StreamAccess {
  stream: string;
  isReadable: boolean;
  /** Why not, and what to do: the scope to grant, the type to activate. */
  reason?: string;
}

/** OAuth 2 authorization code flow. The tokens that come of it are settings of the tap. */
export interface Consent {
  authorizeUrl: string;
  tokenUrl: string;
  scopes: string[];
  /** Stands between the scopes in the page's address. @default a space (RFC 6749, 3.3); Wrike wants commas */
  scopeSeparator?: string;
  clientAuth: 'basic' | 'form';
  /** Further parameters of the consent page's address. */
  parameters?: Record<string, string>;
}

/** A stream with its child streams: what one task reads. */
export interface Stream<Settings> extends StreamShape {
  /** What `replication` says holds for the children too. */
  replication: Replication;
  /** Read unless `select` names streams. @default true; false for what is costly or seldom wanted */
  isSelectedByDefault?: boolean;
  /** For the streams table of the tap's guide, the catalog's metadata and the page. */
  about?: StreamAbout;
  /** Streams whose records come out of this stream's read: `deals_companies` out of `deals`. */
  children?: StreamShape[];
  /** The stream's schema as this account has it (HubSpot's custom properties), `schema` included: asked before every read, and for
   *  `--discover` with credentials. Undefined: `schema` is all there is. */
  discover?: (context: DiscoverContext<Settings>) => Promise<JsonSchema>;
  /** Reads the stream from the bookmark. Pages in, {@link Extract}s out; the caller asks for the next one only when it
   *  has room, so a page is fetched only when it can be sent. */
  read: (context: ReadContext<Settings>) => AsyncIterable<Extract>;
}

export interface StreamAbout {
  /** `GET /crm/objects/2026-09/deals` */
  endpoint: string;
  /** Scopes that the account must grant; one of those joined by `|` is enough. */
  scopes?: string[];
  /** How rows that vanish are found, and how often: `archived list, daily`. */
  deletes?: string;
  /** Requests that one incremental read of an unchanged account makes. */
  requestsIdle?: number;
}

/** What the target has to know of a stream. */
export interface StreamShape {
  name: string;
  /** Top-level properties that identify a row. Empty: append-only. */
  keyProperties: string[];
  schema: JsonSchema;
}

export type Replication =
  | { method: 'FULL_TABLE' }
  /** `key` is the property that the source filters by. The bookmark holds under this name the instant up to which everything is read, and
   *  under `position` the place where an interrupted read goes on: an operator's backfill moves the one and drops the other. */
  | { method: 'INCREMENTAL'; key: string };

export type DiscoverContext<Settings> = Pick<ReadContext<Settings>, 'settings' | 'http' | 'cached'>;

export interface ReadContext<Settings> {
  settings: Settings;
  http: HttpClient;
  /** Where the last committed read ended. Undefined: read everything. */
  bookmark: Bookmark | undefined;
  /** Read the whole stream, whatever the bookmark says: the first run, an operator's wish, or the periodic reconciliation that finds silent deletions. */
  fullRead: boolean;
  /** Start of this attempt, ISO 8601 UTC, by the database's clock. The next bookmark is this minus a look-back, never the largest value seen. */
  startedAt: string;
  /** Whether a child stream is wanted; with a field, whether that field of it is. */
  isSelected: (stream: string, field?: string) => boolean;
  /** Aborted on shutdown and when the lease is lost. */
  signal: AbortSignal;
  /** Keeps what `load` returns for this connection and process, for `ttlMs` milliseconds: definitions that several streams need.
   *  Who asks while it is being loaded waits for the same load; one that fails is not kept. */
  cached: <T>(key: string, ttlMs: number, load: () => Promise<T>) => Promise<T>;
}

/** What a read yields, in order. */
export type Extract =
  /** Records of this stream or of a child, in the order in which the source returned them. */
  | { type: 'records'; stream: string; records: JsonObject[] }
  /** Everything yielded so far is covered by this bookmark: a later read may start here. */
  | { type: 'checkpoint'; bookmark: Bookmark }
  /** Holds if the read ends without an error: which rows the read proves to be gone. Streams without one keep their rows. A stream that decides
   *  by itself to read everything yields it before its first records. */
  | { type: 'deletes'; stream: string; rule: DeleteRule }
  /** One record that the source cannot deliver or that makes no sense: it is set aside with its key and reason, the others go on. */
  | { type: 'rejected'; stream: string; key: JsonObject; reason: string; code: string }
  /** This stream cannot be read, or not to its end, while the others of the task go on: nothing of it counts as deleted, and the reason stands in
   *  the run and in the summary. */
  | { type: 'incomplete'; stream: string; error: PipelineError }
  /** Something a person should know that stops nothing: a scope that hides fields, a field the account refuses. Never a record value. */
  | { type: 'notice'; stream: string; code: string; message: string };

/** Types a declaration. */
export function defineTap<Settings>(tap: Tap<Settings>): Tap<Settings> {
  return tap;
}

/** Types a stream. */
export function defineStream<Settings>(stream: Stream<Settings>): Stream<Settings> {
  return stream;
}
