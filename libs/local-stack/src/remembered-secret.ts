import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const SECRET_BYTES = 32;

/** The secret in `file`, made at the first call; only its owner may read it. 256 bits in base64url unless `encoding` says
 *  otherwise: it needs no escaping in a URL. */
export function rememberedSecret(file: string, encoding: 'base64url' | 'base64' | 'hex' = 'base64url'): string {
  try {
    writeFileSync(file, randomBytes(SECRET_BYTES).toString(encoding), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
