import type { Queryable } from '@pipeline/postgres';

/** The name under which what a consent page needs and brings is encrypted. */
export const consentSecretName = (id: string): string => `consent/${id}`;

export interface StoredConsent {
  id: string;
  source: string;
  sealed: Buffer;
  status: 'waiting' | 'granted' | 'refused' | 'used';
  message: string | null;
  isExpired: boolean;
  requestedBy: string;
}

const COLUMNS = `id, source, sealed, status, message, expires_at < clock_timestamp() as "isExpired", requested_by as "requestedBy"`;

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
  const { rows } = await db.query<{ expiresAt: Date }>(
    `insert into pipeline.consents (id, source, state_sha256, sealed, key_id, requested_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(mins => $7)) returning expires_at as "expiresAt"`,
    [consent.id, consent.source, consent.stateSha256, consent.sealed, consent.keyId, consent.by, consent.minutes],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the insert of a consent returned no row');
  return row.expiresAt;
}

/** The consent that a callback's state belongs to, locked: a code works only once. */
export async function lockConsent(db: Queryable, stateSha256: Buffer): Promise<StoredConsent | undefined> {
  const { rows } = await db.query<StoredConsent>(
    `select ${COLUMNS} from pipeline.consents where state_sha256 = $1 for update`,
    [stateSha256],
  );
  return rows[0];
}

export async function readConsent(db: Queryable, id: string): Promise<StoredConsent | undefined> {
  const { rows } = await db.query<StoredConsent>(`select ${COLUMNS} from pipeline.consents where id = $1`, [id]);
  return rows[0];
}

/** Records how a consent page was left. */
export async function settleConsent(
  db: Queryable,
  id: string,
  outcome: { status: StoredConsent['status']; message: string | null; sealed: Buffer | null },
): Promise<void> {
  await db.query(
    `update pipeline.consents set status = $2, message = $3, sealed = coalesce($4, sealed) where id = $1`,
    [id, outcome.status, outcome.message, outcome.sealed],
  );
}
