import { connectionSecretName, type EncryptionKey, type StoredConnection } from '@pipeline/control';
import { decryptValue, Secrets } from '../access/encryption.ts';
import { WEBHOOK_SECRET } from './secret-field.ts';

/** The secret that signs a connection's webhooks: the variable's, then the one that was saved. */
export function findHookSecret(
  { name, sealed }: StoredConnection,
  own: ReadonlyMap<string, string>,
  key: EncryptionKey | undefined,
): string | undefined {
  const given = own.get(name);
  if (given !== undefined || sealed === null || key === undefined) return given;
  return decryptValue(key, connectionSecretName(name), sealed, Secrets)[WEBHOOK_SECRET];
}
