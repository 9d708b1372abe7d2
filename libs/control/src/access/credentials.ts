import type { PoolClient } from '@pipeline/postgres';
import * as statements from './credentials.sql.ts';

/** Where an encrypted secret stands, and with which key it is encrypted. */
export interface CredentialKey {
  name: string;
  keyId: string;
}

/** Locks the credential until the transaction ends and returns its ciphertext. Undefined: nothing is stored yet. */
export async function lockCredential(client: PoolClient, key: CredentialKey): Promise<Buffer | undefined> {
  await statements.insertEmptyCredential.run(client, key);
  const row = await statements.lockCredential.first(client, { name: key.name });
  return row === undefined || row.sealed.length === 0 ? undefined : row.sealed;
}

/** Replaces the ciphertext of a credential that {@link lockCredential} has locked. */
export async function storeCredential(client: PoolClient, key: CredentialKey, sealed: Buffer): Promise<void> {
  await statements.updateCredential.run(client, { ...key, sealed });
}
