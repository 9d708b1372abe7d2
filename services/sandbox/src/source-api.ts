import type { Router } from 'express';
import type { Random } from './random.ts';

/** One imitated API. It owns its data: what exists is what `truth` lists. */
export interface SourceApi {
  source: 'hubspot' | 'xero' | 'wrike';
  /** The API as its users see it: authentication, paging, filters, limits, error bodies. */
  router: Router;
  /** Every stream of the tap with the rows that exist now. */
  truth: () => TruthStream[];
  /** Makes one random change that a user of the product could make: create, update, archive, restore, delete, merge,
   *  re-associate. Says in a few words what it did. */
  mutate: (random: Random) => string;
  /** Ends the life of every access token issued so far. */
  expireTokens: () => void;
}

/** The rows of one stream that exist now, in the columns of the tap's stream. Written from the API's documentation, not from the tap:
 *  deleted, archived and merged-away objects are left out. */
export interface TruthStream {
  stream: string;
  key: string[];
  rows: Record<string, unknown>[];
}

export interface SourceApiOptions {
  /** Number of deals in the company; the other objects follow in proportion. 100 to 1,000,000. */
  deals: number;
  random: Random;
  /** Clock of the imitated service, epoch milliseconds. */
  now: () => number;
  /** Divides every waiting time and multiplies every allowance of the API's rate limits, so that tests don't wait.
   *  1 is the real API. */
  rateLimitFactor: number;
}
