import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { PipelineError } from '@pipeline/protocol';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key for encryption, with a name that says which one encrypted a value and reveals nothing of it. */
export interface EncryptionKey {
  id: string;
  bytes: Buffer;
}

/** Reads CREDENTIALS_KEY: 32 bytes as 64 hexadecimal digits or in base64. @throws PipelineError `CREDENTIALS_KEY_INVALID` */
export function encryptionKey(text: string): EncryptionKey {
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  if (bytes.length !== KEY_BYTES) {
    throw new PipelineError({
      code: 'CREDENTIALS_KEY_INVALID',
      recovery: 'fix-config',
      message: 'CREDENTIALS_KEY is not 32 bytes in hexadecimal or base64: make one with `openssl rand -hex 32`',
    });
  }
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}

/** Encrypts and authenticates, bound to the name under which it is stored: nonce, tag, ciphertext. */
export function encrypt(key: EncryptionKey, name: string, text: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key.bytes, nonce).setAAD(Buffer.from(`${key.id}/${name}`));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
}

/** @throws PipelineError `CREDENTIALS_UNREADABLE` when it was encrypted with another key, under another name, or changed. */
export function decrypt(key: EncryptionKey, name: string, sealed: Buffer): string {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv(CIPHER, key.bytes, nonce)
      .setAAD(Buffer.from(`${key.id}/${name}`))
      .setAuthTag(tag);
    return decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch (cause) {
    throw new PipelineError({
      code: 'CREDENTIALS_UNREADABLE',
      recovery: 'fix-config',
      message: `the stored credentials "${name}" cannot be opened: set CREDENTIALS_KEY to the key that encrypted them, or delete that row of pipeline.credentials and authorise again`,
      cause,
    });
  }
}
