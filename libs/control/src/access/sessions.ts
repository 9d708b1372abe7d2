import type { Queryable, RowOf } from '@pipeline/postgres';
import * as statements from './sessions.sql.ts';

/** A session ends this long after its last use. */
const SESSION_IDLE_DAYS = 7;
/** A session's use is noted at most this often. */
const SEEN_NOTED_SECONDS = 60;

export type StoredSession = RowOf<typeof statements.selectSessions>;

/** Opens a session. Returns when it ends if it is not used. */
export async function insertSession(
  db: Queryable,
  session: { id: string; sha256: Buffer; tokenId: string; address: string; agent: string },
): Promise<Date> {
  return (await statements.insertSession.one(db, { ...session, idleDays: SESSION_IDLE_DAYS })).expiresAt;
}

/** The open session of this cookie, prolonged. Undefined when it has ended, or its token is revoked. */
export async function useSession(db: Queryable, sha256: Buffer): Promise<StoredSession | undefined> {
  const row = await statements.selectSession.first(db, { sha256, notedSeconds: SEEN_NOTED_SECONDS });
  if (row === undefined) return undefined;
  const { isNoted, ...session } = row;
  if (!isNoted) await statements.prolongSession.run(db, { id: session.id, idleDays: SESSION_IDLE_DAYS });
  return session;
}

/** Open sessions, newest first. */
export async function listSessions(
  db: Queryable,
  page: { limit: number; before: string | null },
): Promise<StoredSession[]> {
  return statements.selectSessions.all(db, page);
}

/** Ends a session. False: there is none. */
export async function deleteSession(db: Queryable, id: string): Promise<boolean> {
  return (await statements.deleteSession.run(db, { id })) === 1;
}
