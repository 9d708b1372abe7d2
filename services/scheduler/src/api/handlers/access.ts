import {
  deleteSession,
  insertSession,
  insertToken,
  listSessions,
  listTokens,
  newToken,
  operate,
  recordAudit,
  refusal,
  revokeToken,
  type StoredToken,
  sha256,
  useToken,
} from '@pipeline/control';
import { PipelineError } from '@pipeline/protocol';
import { type Caller, SESSION_COOKIE } from '../../access/caller.ts';
import { csrfToken, newCookie, newSessionId } from '../../access/secrets.ts';
import type { ApiDeps } from '../deps.ts';
import { fromCursor, idBefore, pageById, toCursor, toPage } from '../http/cursor.ts';
import type { Call, Handlers } from '../http/handler.ts';

type Names =
  | 'login'
  | 'logout'
  | 'getMe'
  | 'listTokens'
  | 'createToken'
  | 'revokeToken'
  | 'listSessions'
  | 'endSession';

/** The cookie lives longer than a session may: the server decides. */
const COOKIE_MS = 31 * 86_400_000;
const AGENT_CHARACTERS_MAX = 200;

/** Logging in and out, tokens and sessions. */
export function accessHandlers({ pool }: Pick<ApiDeps, 'pool'>): Handlers<Names> {
  return {
    login: async ({ body }, call) => {
      const token = await useToken(pool, sha256(body.token.trim()));
      if (token === undefined) {
        throw new PipelineError({
          code: 'LOGIN_REFUSED',
          recovery: 'fail',
          message: 'this token is not valid: it is unknown, revoked or past its end',
        });
      }
      return openSession({ pool }, token, call);
    },
    logout: async (_, { caller, response, actor }) => {
      if (caller?.session) await deleteSession(pool, caller.session.id);
      response.clearCookie(SESSION_COOKIE, { path: '/' });
      await recordAudit(pool, { actor, action: 'logout', target: caller?.session?.id ?? 'token', details: {} });
      return {};
    },
    getMe: async (_, { caller }) => describe(known(caller)),
    listTokens: async ({ query }, { caller }) => {
      const rows = await listTokens(pool, { limit: query.limit + 1, before: idBefore(query.cursor) });
      return pageById(
        rows.map((row) => ({ ...instants(row), isCurrent: row.id === caller?.tokenId })),
        query.limit,
      );
    },
    createToken: async ({ body }, { actor }) => {
      const token = newToken();
      const id = await operate(
        pool,
        { actor, action: 'create-token', target: body.name, details: { role: body.role, days: body.days } },
        (client) => insertToken(client, { ...body, sha256: sha256(token), createdBy: actor }),
      );
      return { id, name: body.name, role: body.role, token };
    },
    revokeToken: async ({ params }, { actor }) => {
      await operate(pool, { actor, action: 'revoke-token', target: params.id, details: {} }, async (client) => {
        if (!(await revokeToken(client, params.id)))
          throw refusal('UNKNOWN_TOKEN', `there is no valid token ${params.id}`);
      });
      return {};
    },
    listSessions: async ({ query }, { caller }) => {
      const before = fromCursor(query.cursor, [/^[\dT:.Z-]{20,30}$/])?.[0] ?? null;
      const rows = await listSessions(pool, { limit: query.limit + 1, before });
      const items = rows.map(({ tokenId: _, ...row }) => ({
        ...row,
        createdAt: row.createdAt.toISOString(),
        lastSeenAt: row.lastSeenAt.toISOString(),
        expiresAt: row.expiresAt.toISOString(),
        isCurrent: row.id === caller?.session?.id,
      }));
      return toPage(items, query.limit, ({ createdAt }) => toCursor(createdAt));
    },
    endSession: async ({ params }, { actor }) => {
      await operate(pool, { actor, action: 'end-session', target: params.id, details: {} }, async (client) => {
        if (!(await deleteSession(client, params.id)))
          throw refusal('UNKNOWN_SESSION', `there is no open session ${params.id}`);
      });
      return {};
    },
  };
}

async function openSession({ pool }: Pick<ApiDeps, 'pool'>, token: StoredToken, { request, response }: Call) {
  const cookie = newCookie();
  const agent = (request.get('user-agent') ?? '').replaceAll('\0', '').slice(0, AGENT_CHARACTERS_MAX);
  const session = { id: newSessionId(), sha256: sha256(cookie), tokenId: token.id, address: request.ip ?? '', agent };
  const expiresAt = await insertSession(pool, session);
  await recordAudit(pool, {
    actor: token.name,
    action: 'login',
    target: session.id,
    details: { address: session.address },
  });
  response.cookie(SESSION_COOKIE, cookie, {
    httpOnly: true,
    sameSite: 'strict',
    secure: request.secure,
    path: '/',
    maxAge: COOKIE_MS,
  });
  return { name: token.name, role: token.role, csrfToken: csrfToken(cookie), expiresAt: expiresAt.toISOString() };
}

function describe({ name, role, session, expiresAt }: Caller) {
  const via = session === null ? ('token' as const) : ('session' as const);
  return { name, role, via, csrfToken: session?.csrf ?? null, expiresAt: expiresAt?.toISOString() ?? null };
}

function instants(token: StoredToken) {
  const text = (date: Date | null) => date?.toISOString() ?? null;
  return {
    ...token,
    createdAt: token.createdAt.toISOString(),
    lastUsedAt: text(token.lastUsedAt),
    expiresAt: text(token.expiresAt),
    revokedAt: text(token.revokedAt),
  };
}

function known(caller: Caller | undefined): Caller {
  if (caller === undefined) throw new Error('a route that needs a login was called without one');
  return caller;
}
