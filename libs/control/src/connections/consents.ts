import type { Queryable, RowOf } from '@pipeline/postgres';
import * as statements from './consents.sql.ts';

/** The name under which what a consent page needs and brings is encrypted. */
export const consentSecretName = (id: string): string => `consent/${id}`;

export type StoredConsent = RowOf<typeof statements.selectConsent>;

/** Keeps what is needed when the browser comes back. Returns until when it may. */
export async function insertConsent(
  db: Queryable,
  consent: {
    id: string;
    source: string;
    stateSha256: Buffer;
    sealed: Buffer;
    keyId: string;
    by: string;
    minutes: number;
  },
): Promise<Date> {
  return (await statements.insertConsent.one(db, consent)).expiresAt;
}

/** The consent that a callback's state belongs to, locked: a code works only once. */
export async function lockConsent(db: Queryable, stateSha256: Buffer): Promise<StoredConsent | undefined> {
  return statements.lockConsent.first(db, { stateSha256 });
}

/** A consent by its id, used or not. */
export async function readConsent(db: Queryable, id: string): Promise<StoredConsent | undefined> {
  return statements.selectConsent.first(db, { id });
}

/** Records how a consent page was left. */
export async function endConsent(
  db: Queryable,
  id: string,
  outcome: { status: StoredConsent['status']; message: string | null; sealed: Buffer | null },
): Promise<void> {
  await statements.updateConsent.run(db, { id, ...outcome });
}
