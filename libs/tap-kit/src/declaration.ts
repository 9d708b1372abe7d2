import type { DeleteRule } from '@pipeline/contracts';
import type { Bookmark, JsonObject, JsonSchema } from '@pipeline/singer';
import type { ZodType } from 'zod';
import type { HttpClient, HttpPolicy } from './http-policy.ts';

/** A tap, as a value: settings, access to the source, streams. The runtime in this library runs it as a service and as
 *  a Singer executable; a tap holds no loop, no retry and no broker of its own. */
export interface Tap<Settings> {
  /** `hubspot`: names the queues, the database schema and the pipeline. */
  source: string;
  /** Settings of the tap, as its Singer `config.json` spells them (snake_case). `config.yml` maps environment variables to them. */
  settings: ZodType<Settings>;
  /** How the source is reached: address, authentication, rate limits, meaning of its errors. */
  http: (settings: Settings) => HttpPolicy;
  /** One cheap call that proves the credentials. Its headers are sent with every later request (Xero's tenant).
   *  @throws PipelineError with the source's reason and what to do. */
  connect: (http: HttpClient, settings: Settings) => Promise<{ headers?: Record<string, string> }>;
  streams: Stream<Settings>[];
}

/** A stream with its child streams: what one task reads. */
export interface Stream<Settings> extends StreamShape {
  /** What `replication` says holds for the children too. */
  replication: Replication;
  /** Streams whose records come out of this stream's read: `deals_companies` out of `deals`. */
  children?: StreamShape[];
  /** The stream's schema as this account has it (HubSpot's custom properties), `schema` included: asked before every read, and for
   *  `--discover` with credentials. Undefined: `schema` is all there is. */
  discover?: (context: DiscoverContext<Settings>) => Promise<JsonSchema>;
  /** Reads the stream from the bookmark. Pages in, {@link Extract}s out; the caller asks for the next one only when it
   *  has room, so a page is fetched only when it can be sent. */
  read: (context: ReadContext<Settings>) => AsyncIterable<Extract>;
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

export type DiscoverContext<Settings> = Pick<ReadContext<Settings>, 'settings' | 'http'>;

export interface ReadContext<Settings> {
  settings: Settings;
  http: HttpClient;
  /** Where the last committed read ended. Undefined: read everything. */
  bookmark: Bookmark | undefined;
  /** Read the whole stream, whatever the bookmark says: the first run, an operator's wish, or the periodic reconciliation that finds silent deletions. */
  fullRead: boolean;
  /** Start of this attempt, ISO 8601 UTC, by the database's clock. The next bookmark is this minus a look-back, never the largest value seen. */
  startedAt: string;
  /** Whether a child stream is wanted. */
  isSelected: (stream: string) => boolean;
  /** Aborted on shutdown and when the lease is lost. */
  signal: AbortSignal;
}

/** What a read gives, in order. */
export type Extract =
  /** Records of this stream or of a child, in the order in which the source answered. */
  | { type: 'records'; stream: string; records: JsonObject[] }
  /** Everything yielded so far is covered by this bookmark: a later read may start here. */
  | { type: 'checkpoint'; bookmark: Bookmark }
  /** Holds if the read ends without an error: which rows the read proves to be gone. Streams without one keep their rows. A stream that decides
   *  by itself to read everything gives it before its first records. */
  | { type: 'deletes'; stream: string; rule: DeleteRule };

/** Gives a declaration its type. */
export function defineTap<Settings>(tap: Tap<Settings>): Tap<Settings> {
  return tap;
}

/** Gives a stream its type. */
export function defineStream<Settings>(stream: Stream<Settings>): Stream<Settings> {
  return stream;
}
