import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETUP } from './folder.ts';
import { write } from './write-file.ts';

const SECRET_BYTES = 32;

/** A secret of this installation: what is given, else what was made before, else a new one. */
export function secret(name: string, given?: string): string {
  const path = join(SETUP, name);
  if (!given && existsSync(path)) return readFileSync(path, 'utf8');
  const value = given || randomBytes(SECRET_BYTES).toString('hex');
  write(path, value);
  return value;
}

/** The password that a service's role has in a database of our own. */
export function rolePassword(role: string): string {
  return secret(`db-password-of-${role}`);
}

/** The password of a service's user in a broker of our own. */
export function brokerPassword(user: string): string {
  return secret(`rabbitmq-password-of-${user}`);
}
