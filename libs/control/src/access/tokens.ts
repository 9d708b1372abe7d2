import type { Queryable, RowOf } from '@pipeline/postgres';
import type { Role } from '@pipeline/protocol/api';
import * as statements from './tokens.sql.ts';

/** A token's use is noted at most this often. */
const USE_NOTED_SECONDS = 60;

export type StoredToken = RowOf<typeof statements.selectTokens>;

/** Keeps an access token by its hash: it cannot be read back. Returns its id. */
export async function insertToken(
  db: Queryable,
  token: { name: string; role: Role; sha256: Buffer; createdBy: string; days: number | null },
): Promise<string> {
  return (await statements.insertToken.one(db, token)).id;
}

/** The name of the token that a variable sets. */
const ENVIRONMENT_TOKEN = 'API_TOKEN';

/** Makes the variable's token the only one of its name that is valid; undefined: none is. */
export async function syncEnvironmentToken(db: Queryable, sha256: Buffer | undefined): Promise<void> {
  await statements.revokeEnvironmentTokens.run(db, { sha256: sha256 ?? null });
  if (sha256 === undefined) return;
  await statements.insertEnvironmentToken.run(db, { name: ENVIRONMENT_TOKEN, sha256 });
}

/** Whether nobody could log in: then the first token is made. */
export async function hasNoToken(db: Queryable): Promise<boolean> {
  return (await statements.selectAdministrator.run(db)) === 0;
}

/** The valid token of this hash, and that it was used. */
export async function useToken(db: Queryable, sha256: Buffer): Promise<StoredToken | undefined> {
  const row = await statements.selectValidToken.first(db, { sha256, notedSeconds: USE_NOTED_SECONDS });
  if (row === undefined) return undefined;
  const { isNoted, ...token } = row;
  if (!isNoted) await statements.noteTokenUse.run(db, { id: token.id });
  return token;
}

/** Newest first; revoked ones too. */
export async function listTokens(
  db: Queryable,
  page: { limit: number; before: string | null },
): Promise<StoredToken[]> {
  return statements.selectTokens.all(db, page);
}

/** Ends a token and its sessions at once. False: there is none of this id that is valid. */
export async function revokeToken(db: Queryable, id: string): Promise<boolean> {
  const rowCount = await statements.revokeToken.run(db, { id });
  await statements.deleteSessionsOfToken.run(db, { id });
  return rowCount === 1;
}
