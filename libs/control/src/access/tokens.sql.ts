import { sql, statement } from '@pipeline/postgres';
import { Role } from '@pipeline/protocol/api';

const { bool, bytea, float8, int4, int8, nullable, oneOf, text, timestamptz } = sql;

const COLUMNS = `id::text, name, role, created_at as "createdAt", created_by as "createdBy", last_used_at as "lastUsedAt",
                 expires_at as "expiresAt", revoked_at as "revokedAt"`;

export const insertToken = statement({
  name: 'token.insert_token',
  text: `insert into pipeline.tokens (name, role, sha256, created_by, expires_at)
         values ($1, $2, $3, $4, clock_timestamp() + make_interval(days => $5)) returning id::text`,
  parameters: { name: text, role: text, sha256: bytea, createdBy: text, days: nullable(int4) },
  row: { id: text },
});

export const revokeEnvironmentTokens = statement({
  name: 'token.revoke_environment_tokens',
  text: `update pipeline.tokens set revoked_at = clock_timestamp()
         where created_by = 'environment' and revoked_at is null and sha256 is distinct from $1`,
  parameters: { sha256: nullable(bytea) },
});

export const insertEnvironmentToken = statement({
  name: 'token.insert_environment_token',
  text: `insert into pipeline.tokens (name, role, sha256, created_by) values ($1, 'admin', $2, 'environment')
         on conflict (sha256) do update set revoked_at = null`,
  parameters: { name: text, sha256: bytea },
});

export const selectAdministrator = statement({
  name: 'token.select_administrator',
  text: `select from pipeline.tokens where revoked_at is null and role = 'admin' and coalesce(expires_at > clock_timestamp(), true) limit 1`,
});

const TOKEN = {
  id: text,
  name: text,
  role: oneOf(Role.options),
  createdAt: timestamptz,
  createdBy: text,
  lastUsedAt: nullable(timestamptz),
  expiresAt: nullable(timestamptz),
  revokedAt: nullable(timestamptz),
};

export const selectValidToken = statement({
  name: 'token.select_valid_token',
  text: `select ${COLUMNS}, coalesce(last_used_at > clock_timestamp() - make_interval(secs => $2), false) as "isNoted"
         from pipeline.tokens where sha256 = $1 and revoked_at is null and coalesce(expires_at > clock_timestamp(), true)`,
  parameters: { sha256: bytea, notedSeconds: float8 },
  row: {
    ...TOKEN,
    isNoted: bool,
  },
});

export const noteTokenUse = statement({
  name: 'token.note_token_use',
  text: 'update pipeline.tokens set last_used_at = clock_timestamp() where id = $1',
  parameters: { id: int8 },
});

export const selectTokens = statement({
  name: 'token.select_tokens',
  text: `select ${COLUMNS} from pipeline.tokens where $2::bigint is null or tokens.id < $2 order by tokens.id desc limit $1`,
  parameters: { limit: int8, before: nullable(int8) },
  row: TOKEN,
});

export const revokeToken = statement({
  name: 'token.revoke_token',
  text: 'update pipeline.tokens set revoked_at = clock_timestamp() where id = $1 and revoked_at is null',
  parameters: { id: int8 },
});

export const deleteSessionsOfToken = statement({
  name: 'token.delete_sessions_of_token',
  text: 'delete from pipeline.sessions where token_id = $1',
  parameters: { id: int8 },
});
