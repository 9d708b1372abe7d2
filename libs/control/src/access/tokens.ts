import type { Role } from '@pipeline/contracts/api';
import type { Queryable } from '@pipeline/postgres';

/** A token's use is noted at most this often. */
const USE_NOTED_SECONDS = 60;

export interface StoredToken {
  id: string;
  name: string;
  role: Role;
  createdAt: Date;
  createdBy: string;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

const COLUMNS = `id::text, name, role, created_at as "createdAt", created_by as "createdBy", last_used_at as "lastUsedAt",
                 expires_at as "expiresAt", revoked_at as "revokedAt"`;

/** Keeps an access token by its hash: it cannot be read back. Returns its id. */
export async function insertToken(
  db: Queryable,
  token: { name: string; role: Role; sha256: Buffer; createdBy: string; days: number | null },
): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `insert into pipeline.tokens (name, role, sha256, created_by, expires_at)
     values ($1, $2, $3, $4, clock_timestamp() + make_interval(days => $5)) returning id::text`,
    [token.name, token.role, token.sha256, token.createdBy, token.days],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the insert of a token returned no row');
  return row.id;
}

/** The name of the token that a variable sets. */
export const ENVIRONMENT_TOKEN = 'API_TOKEN';

/** Makes the variable's token the only one of its name that is valid; undefined: none is. */
export async function syncEnvironmentToken(db: Queryable, sha256: Buffer | undefined): Promise<void> {
  await db.query(
    `update pipeline.tokens set revoked_at = clock_timestamp()
     where created_by = 'environment' and revoked_at is null and sha256 is distinct from $1`,
    [sha256 ?? null],
  );
  if (sha256 === undefined) return;
  await db.query(
    `insert into pipeline.tokens (name, role, sha256, created_by) values ($1, 'admin', $2, 'environment')
     on conflict (sha256) do update set revoked_at = null`,
    [ENVIRONMENT_TOKEN, sha256],
  );
}

/** Whether nobody could log in: then the first token is made. */
export async function hasNoToken(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query(
    `select from pipeline.tokens where revoked_at is null and role = 'admin' and coalesce(expires_at > clock_timestamp(), true) limit 1`,
  );
  return rowCount === 0;
}

/** The valid token of this hash, and that it was used. */
export async function useToken(db: Queryable, sha256: Buffer): Promise<StoredToken | undefined> {
  const { rows } = await db.query<StoredToken & { isNoted: boolean }>(
    `select ${COLUMNS}, coalesce(last_used_at > clock_timestamp() - make_interval(secs => $2), false) as "isNoted"
     from pipeline.tokens where sha256 = $1 and revoked_at is null and coalesce(expires_at > clock_timestamp(), true)`,
    [sha256, USE_NOTED_SECONDS],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { isNoted, ...token } = row;
  if (!isNoted) await db.query('update pipeline.tokens set last_used_at = clock_timestamp() where id = $1', [token.id]);
  return token;
}

/** Newest first; revoked ones too. */
export async function listTokens(
  db: Queryable,
  page: { limit: number; before: string | null },
): Promise<StoredToken[]> {
  const { rows } = await db.query<StoredToken>(
    `select ${COLUMNS} from pipeline.tokens where $2::bigint is null or tokens.id < $2 order by tokens.id desc limit $1`,
    [page.limit, page.before],
  );
  return rows;
}

/** Ends a token and its sessions at once. False: there is none of this id that is valid. */
export async function revokeToken(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'update pipeline.tokens set revoked_at = clock_timestamp() where id = $1 and revoked_at is null',
    [id],
  );
  await db.query('delete from pipeline.sessions where token_id = $1', [id]);
  return rowCount === 1;
}
