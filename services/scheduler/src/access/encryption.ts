import { decrypt, type EncryptionKey, encrypt } from '@pipeline/control';
import { PipelineError } from '@pipeline/protocol';
import { z } from 'zod';

/** @throws PipelineError `CREDENTIALS_KEY_MISSING` */
export function needKey(key: EncryptionKey | undefined): EncryptionKey {
  if (key !== undefined) return key;
  throw new PipelineError({
    code: 'CREDENTIALS_KEY_MISSING',
    recovery: 'fix-config',
    message: 'the scheduler has no CREDENTIALS_KEY, so it can keep no secret',
  });
}

/** A value as it is stored: encrypted under a name. */
export function encryptValue(
  key: EncryptionKey | undefined,
  name: string,
  value: object,
): { sealed: Buffer; keyId: string } {
  const known = needKey(key);
  return { sealed: encrypt(known, name, JSON.stringify(value)), keyId: known.id };
}

/** @throws PipelineError `CREDENTIALS_UNREADABLE` */
export function decryptValue<Schema extends z.ZodType>(
  key: EncryptionKey | undefined,
  name: string,
  sealed: Buffer,
  schema: Schema,
): z.output<Schema> {
  return schema.parse(JSON.parse(decrypt(needKey(key), name, sealed)));
}

/** Secrets of a connection or a trial: setting to value. */
export const Secrets = z.record(z.string(), z.string());
