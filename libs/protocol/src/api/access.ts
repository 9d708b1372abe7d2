import { z } from 'zod';
import { Instant, PlainText, page, pageQuery, RowId } from './form.ts';

/** viewer: everything but values and commands. operator: commands, and single records with their values. admin: previews, failing rows, settings, access. */
export const Role = z.enum(['viewer', 'operator', 'admin']);
export type Role = z.infer<typeof Role>;

export const LoginRequest = z.strictObject({ token: z.string().min(1).max(500) });
export const LoginResponse = z.strictObject({
  name: z.string(),
  role: Role,
  /** Goes into `X-CSRF-Token` of every call that changes something. */
  csrfToken: z.string(),
  expiresAt: Instant,
});

export const Me = z.strictObject({
  /** The token's name. */
  name: z.string(),
  role: Role,
  via: z.enum(['session', 'token']),
  /** Of a session only. */
  csrfToken: z.string().nullable(),
  expiresAt: Instant.nullable(),
});
export type Me = z.infer<typeof Me>;

export const Token = z.strictObject({
  id: RowId,
  name: z.string(),
  role: Role,
  createdAt: Instant,
  createdBy: z.string(),
  lastUsedAt: Instant.nullable(),
  expiresAt: Instant.nullable(),
  revokedAt: Instant.nullable(),
  /** This request came with it. */
  isCurrent: z.boolean(),
});
export type Token = z.infer<typeof Token>;
export const TokensQuery = z.strictObject({ ...pageQuery });
export const Tokens = page(Token);

const TOKEN_DAYS_MAX = 3_650;
export const NewToken = z.strictObject({
  name: PlainText(80),
  role: Role,
  /** Null: it does not end. */
  days: z.number().int().min(1).max(TOKEN_DAYS_MAX).nullable().default(null),
});
/** The only time the token itself is shown. */
export const CreatedToken = z.strictObject({ id: RowId, name: z.string(), role: Role, token: z.string() });

export const Session = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: Role,
  createdAt: Instant,
  lastSeenAt: Instant,
  expiresAt: Instant,
  address: z.string(),
  /** The browser, as it names itself. */
  agent: z.string(),
  isCurrent: z.boolean(),
});
export const SessionsQuery = z.strictObject({ ...pageQuery });
export const Sessions = page(Session);
export const SessionParameters = z.strictObject({ id: z.string().regex(/^[0-9a-f]{16}$/, 'is no id of a session') });
