import type { Router } from 'express';
import type { Random } from './random.ts';

/** A source as the sandbox offers it: what `<source>/source.ts` exports as `source`. */
export interface SandboxSource {
  /** Name of the source and of its folder. */
  name: string;
  /** Where it listens unless `SANDBOX_<NAME>_PORT` says otherwise. */
  port: number;
  create: (options: SourceApiOptions) => SourceApi;
  /** Settings with which the source's tap reads it at this address, which has no slash at the end. Their credentials open nothing else. */
  tapSettings: (url: string) => Record<string, string>;
}

/** One imitated API. It owns its data: what exists is what `truth` lists. */
export interface SourceApi {
  source: string;
  /** The API as its users see it: authentication, paging, filters, limits, error bodies. */
  router: Router;
  /** Every stream of the tap with the rows that exist now. */
  truth: () => TruthStream[];
  /** Makes one random change that a user of the product could make: create, update, archive, restore, delete, merge,
   *  re-associate. Says in a few words what it did. */
  mutate: (random: Random) => string;
  /** Ends the life of every access token issued so far. */
  expireTokens: () => void;
  /** Tokens that the API itself has made and sent, oldest first: none of them may stand where others read.
   *  @default none */
  issuedTokens?: () => readonly string[];
  /** The body of a response with this status, in the API's own form: injected faults are told in it.
   *  @default an empty body */
  failureBody?: (status: number) => Record<string, unknown>;
}

/** The rows of one stream that exist now, in the columns of the tap's stream. Written from the API's documentation, not from the tap:
 *  deleted, archived and merged-away objects are left out. */
export interface TruthStream {
  stream: string;
  key: string[];
  /** Iterated once or more; may be made while it is iterated, so that a million rows need no memory. */
  rows: Iterable<Record<string, unknown>>;
  /** How many rows there are. @default counted by iterating */
  count?: number;
}

export interface SourceApiOptions {
  /** Number of deals in the company; the other objects follow in proportion. 100 to 1,000,000. */
  deals: number;
  random: Random;
  /** Clock of the imitated service, epoch milliseconds. */
  now: () => number;
  /** How many times faster than the real API the clock of its rate limits runs, so that tests don't wait: see `rate-window.ts`.
   *  1 is the real API. */
  rateLimitFactor: number;
  /** Access tokens that never expire, accepted besides those that the API issues itself.
   *  @default one that the API's own file names */
  tokens?: readonly string[];
  /** Called with a parameter, body field or path that the real API has and this imitation has not:
   *  `GET /crm/v3/owners: parameter idProperty`. @default it is not told to anyone */
  notImitated?: (what: string) => void;
}
