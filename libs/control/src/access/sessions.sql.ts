import { sql, statement } from '@pipeline/postgres';
import { Role } from '@pipeline/protocol/api';

const { bool, bytea, float8, int4, int8, nullable, oneOf, text, timestamptz } = sql;

/** A session ends this long after it was opened, however it is used. */
const SESSION_DAYS_MAX = 30;

const COLUMNS = `s.id, s.token_id::text as "tokenId", t.name, t.role, s.created_at as "createdAt", s.last_seen_at as "lastSeenAt",
                 s.expires_at as "expiresAt", s.address, s.agent`;

const VALID = `s.expires_at > clock_timestamp() and s.created_at > clock_timestamp() - make_interval(days => ${SESSION_DAYS_MAX})
               and t.revoked_at is null and coalesce(t.expires_at > clock_timestamp(), true)`;

export const insertSession = statement({
  name: 'session.insert_session',
  text: `insert into pipeline.sessions (id, sha256, token_id, address, agent, expires_at)
         values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(days => $6)) returning expires_at as "expiresAt"`,
  parameters: { id: text, sha256: bytea, tokenId: int8, address: text, agent: text, idleDays: int4 },
  row: { expiresAt: timestamptz },
});

const SESSION = {
  id: text,
  tokenId: text,
  // Of the token.
  name: text,
  role: oneOf(Role.options),
  createdAt: timestamptz,
  lastSeenAt: timestamptz,
  expiresAt: timestamptz,
  address: text,
  agent: text,
};

export const selectSession = statement({
  name: 'session.select_session',
  text: `select ${COLUMNS}, s.last_seen_at > clock_timestamp() - make_interval(secs => $2) as "isNoted"
         from pipeline.sessions s join pipeline.tokens t on t.id = s.token_id where s.sha256 = $1 and ${VALID}`,
  parameters: { sha256: bytea, notedSeconds: float8 },
  row: {
    ...SESSION,
    isNoted: bool,
  },
});

export const prolongSession = statement({
  name: 'session.prolong_session',
  text: `update pipeline.sessions set last_seen_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(days => $2) where id = $1`,
  parameters: { id: text, idleDays: int4 },
});

export const selectSessions = statement({
  name: 'session.select_sessions',
  text: `select ${COLUMNS} from pipeline.sessions s join pipeline.tokens t on t.id = s.token_id
         where ${VALID} and ($2::timestamptz is null or s.created_at < $2) order by s.created_at desc limit $1`,
  parameters: { limit: int8, before: nullable(timestamptz) },
  row: SESSION,
});

export const deleteSession = statement({
  name: 'session.delete_session',
  text: 'delete from pipeline.sessions where id = $1',
  parameters: { id: text },
});
