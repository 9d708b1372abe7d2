import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const SECRET_BYTES = 32;

/** The secret in `file`, made at the first call; only its owner may read it. 256 bits in base64url unless `encoding` says
 *  otherwise: it needs no escaping in a URL. */
export function rememberedSecret(file: string, encoding: 'base64url' | 'base64' | 'hex' = 'base64url'): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(SECRET_BYTES).toString(encoding), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
