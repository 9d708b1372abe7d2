import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decrypt, encryptionKey } from '@pipeline/control';
import { z } from 'zod';
import type { Platform } from './platform.ts';

/** A password that everybody knows proves nothing. */
const CHARACTERS_MIN = 12;
const Stored = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  previousRefreshToken: z.string().optional(),
});

/** Each secret that a platform was told, has obtained while it ran, or was sent by the sandbox. */
export async function secretsOf(platform: Platform): Promise<string[]> {
  const { sandbox, environment } = platform;
  const names = secretVariables();
  const told = Object.entries(environment).flatMap(([name, value]) => [
    ...(names.has(name) ? [value, value.split('=').at(1) ?? ''] : []),
    ...passwordsIn(value),
  ]);
  const secrets = [...told, ...sandbox.issuedTokens(), ...(await storedTokens(platform))];
  return [...new Set(secrets)].filter(({ length }) => length >= CHARACTERS_MIN);
}

/** The rotating tokens in the database, opened as the taps open them, newest first. */
export async function storedTokens({ database: { pool }, environment }: Platform): Promise<string[]> {
  const key = encryptionKey(environment['CREDENTIALS_KEY'] ?? '');
  const { rows } = await pool.query<{ name: string; sealed: Buffer }>(
    "select name, sealed from pipeline.credentials where sealed <> ''",
  );
  return rows.flatMap(({ name, sealed }) => {
    const { refreshToken, accessToken, previousRefreshToken } = Stored.parse(JSON.parse(decrypt(key, name, sealed)));
    return [refreshToken, accessToken, ...(previousRefreshToken === undefined ? [] : [previousRefreshToken])];
  });
}

/** Those that `.env.sample` also reads from a file. */
function secretVariables(): Set<string> {
  const sample = readFileSync(join(import.meta.dirname, '../../.env.sample'), 'utf8');
  return new Set([...sample.matchAll(/\b([A-Z_]+)_FILE\b/g)].map(([, name = '']) => name));
}

function passwordsIn(value: string): string[] {
  const password = URL.parse(value)?.password ?? '';
  return password === '' ? [] : [decodeURIComponent(password)];
}
