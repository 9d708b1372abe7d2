import { sql, statement } from '@pipeline/postgres';

const { bool, bytea, int4, nullable, oneOf, text, timestamptz, uuid } = sql;

const COLUMNS = `id, source, sealed, status, message, expires_at < clock_timestamp() as "isExpired", requested_by as "requestedBy"`;

export const insertConsent = statement({
  name: 'consent.insert_consent',
  text: `insert into pipeline.consents (id, source, state_sha256, sealed, key_id, requested_by, expires_at)
         values ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(mins => $7)) returning expires_at as "expiresAt"`,
  parameters: { id: uuid, source: text, stateSha256: bytea, sealed: bytea, keyId: text, by: text, minutes: int4 },
  row: { expiresAt: timestamptz },
});

const ROW = {
  id: uuid,
  source: text,
  sealed: bytea,
  status: oneOf(['waiting', 'granted', 'refused', 'used']),
  message: nullable(text),
  isExpired: bool,
  requestedBy: text,
};

export const lockConsent = statement({
  name: 'consent.lock_consent',
  text: `select ${COLUMNS} from pipeline.consents where state_sha256 = $1 for update`,
  parameters: { stateSha256: bytea },
  row: ROW,
});

export const selectConsent = statement({
  name: 'consent.select_consent',
  text: `select ${COLUMNS} from pipeline.consents where id = $1`,
  parameters: { id: uuid },
  row: ROW,
});

export const updateConsent = statement({
  name: 'consent.update_consent',
  text: `update pipeline.consents set status = $2, message = $3, sealed = coalesce($4, sealed) where id = $1`,
  parameters: { id: uuid, status: text, message: nullable(text), sealed: nullable(bytea) },
});
