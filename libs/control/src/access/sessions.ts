import type { Role } from '@pipeline/contracts/api';
import type { Queryable } from '@pipeline/postgres';

/** A session ends this long after its last use, and in any case after {@link SESSION_DAYS_MAX}. */
const SESSION_IDLE_DAYS = 7;
const SESSION_DAYS_MAX = 30;
/** A session's use is noted at most this often. */
const SEEN_NOTED_SECONDS = 60;

export interface StoredSession {
  id: string;
  tokenId: string;
  /** The token's. */
  name: string;
  role: Role;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  address: string;
  agent: string;
}

const COLUMNS = `s.id, s.token_id::text as "tokenId", t.name, t.role, s.created_at as "createdAt", s.last_seen_at as "lastSeenAt",
                 s.expires_at as "expiresAt", s.address, s.agent`;
const VALID = `s.expires_at > clock_timestamp() and s.created_at > clock_timestamp() - make_interval(days => ${SESSION_DAYS_MAX})
               and t.revoked_at is null and coalesce(t.expires_at > clock_timestamp(), true)`;

/** Opens a session. Returns when it ends if it is not used. */
export async function insertSession(
  db: Queryable,
  session: { id: string; sha256: Buffer; tokenId: string; address: string; agent: string },
): Promise<Date> {
  const { rows } = await db.query<{ expiresAt: Date }>(
    `insert into pipeline.sessions (id, sha256, token_id, address, agent, expires_at)
     values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(days => $6)) returning expires_at as "expiresAt"`,
    [session.id, session.sha256, session.tokenId, session.address, session.agent, SESSION_IDLE_DAYS],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the insert of a session returned no row');
  return row.expiresAt;
}

/** The open session of this cookie, prolonged. Undefined when it has ended, or its token is revoked. */
export async function useSession(db: Queryable, sha256: Buffer): Promise<StoredSession | undefined> {
  const { rows } = await db.query<StoredSession & { isNoted: boolean }>(
    `select ${COLUMNS}, s.last_seen_at > clock_timestamp() - make_interval(secs => $2) as "isNoted"
     from pipeline.sessions s join pipeline.tokens t on t.id = s.token_id where s.sha256 = $1 and ${VALID}`,
    [sha256, SEEN_NOTED_SECONDS],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { isNoted, ...session } = row;
  if (!isNoted) {
    await db.query(
      `update pipeline.sessions set last_seen_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(days => $2) where id = $1`,
      [session.id, SESSION_IDLE_DAYS],
    );
  }
  return session;
}

/** Open sessions, newest first. */
export async function listSessions(
  db: Queryable,
  page: { limit: number; before: string | null },
): Promise<StoredSession[]> {
  const { rows } = await db.query<StoredSession>(
    `select ${COLUMNS} from pipeline.sessions s join pipeline.tokens t on t.id = s.token_id
     where ${VALID} and ($2::timestamptz is null or s.created_at < $2) order by s.created_at desc limit $1`,
    [page.limit, page.before],
  );
  return rows;
}

/** Ends a session. False: there is none. */
export async function deleteSession(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from pipeline.sessions where id = $1', [id]);
  return rowCount === 1;
}
