import { consentSecretName, type EncryptionKey, readConsent, refusal } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { decryptValue, Secrets } from '../access/encryption.ts';

/** The tokens that a consent brought, which a connection has not taken yet. @throws PipelineError `CONSENT_EXPIRED` */
export async function grantedSecrets(
  { pool, key }: { pool: Pool; key: EncryptionKey | undefined },
  consentId: string | undefined,
  source: string,
): Promise<Record<string, string>> {
  if (consentId === undefined) return {};
  const consent = await readConsent(pool, consentId);
  if (consent === undefined || consent.source !== source || consent.status !== 'granted') {
    throw refusal('CONSENT_EXPIRED', 'this consent was not given, or is used already');
  }
  return decryptValue(key, consentSecretName(consentId), consent.sealed, Secrets);
}
