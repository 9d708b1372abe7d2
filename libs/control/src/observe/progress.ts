import type { Queryable } from '@pipeline/postgres';
import * as statements from './progress.sql.ts';

/** How far a live attempt is. */
export interface AttemptProgress {
  rowsRead: number;
  requests: number;
  requestsFailed: number;
  waitingFor: string | null;
  waitingUntil: Date | null;
  windowFrom: string | null;
  windowTo: string | null;
  /** Bytes of bodies as they came over the network, compressed, by account: an organisation's id, or '' where the source has one account. */
  receivedBytes: ReadonlyMap<string, number>;
}

/** Writes how far an attempt is; a tap calls it at most once a second, and once at the end. */
export async function saveProgress(db: Queryable, epoch: number, progress: AttemptProgress): Promise<void> {
  await statements.upsertProgress.run(db, {
    ...progress,
    epoch,
    accounts: [...progress.receivedBytes.keys()],
    receivedBytes: [...progress.receivedBytes.values()],
  });
}

/** A wait for a limit of the source. */
export interface AttemptWait {
  limit: string;
  from: Date;
  until: Date;
}

/** Shorter waits are not kept. */
export const WAIT_KEPT_MS = 500;
/** Waits that are kept of one attempt. */
export const WAITS_KEPT_MAX = 200;

/** Keeps the waits of an attempt since the last call. */
export async function saveWaits(db: Queryable, epoch: number, waits: AttemptWait[]): Promise<void> {
  if (waits.length === 0) return;
  await statements.insertWaits.run(db, {
    epoch,
    limits: waits.map(({ limit }) => limit),
    from: waits.map(({ from }) => from),
    until: waits.map(({ until }) => until),
  });
}
