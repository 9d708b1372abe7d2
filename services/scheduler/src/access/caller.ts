import { sha256, useSession, useToken } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { PipelineError } from '@pipeline/protocol';
import type { Role } from '@pipeline/protocol/api';
import type { Request } from 'express';
import { csrfToken, isSame } from './secrets.ts';

export const SESSION_COOKIE = 'pipeline_session';

/** Who calls. */
export interface Caller {
  /** The name of the token: stands in the audit log. */
  name: string;
  role: Role;
  tokenId: string;
  /** Of a session: calls that change something need its CSRF token. */
  session: { id: string; csrf: string; expiresAt: Date } | null;
  expiresAt: Date | null;
}

/** Who calls, by bearer token or cookie. Undefined: nobody that is known. */
export async function findCaller(pool: Pool, request: Request): Promise<Caller | undefined> {
  const bearer = /^Bearer ([\x21-\x7e]{1,500})$/i.exec(request.get('authorization') ?? '')?.[1];
  if (bearer !== undefined) {
    const token = await useToken(pool, sha256(bearer));
    if (token === undefined) return undefined;
    return { name: token.name, role: token.role, tokenId: token.id, session: null, expiresAt: token.expiresAt };
  }
  const cookie = readCookie(request);
  if (cookie === undefined) return undefined;
  const session = await useSession(pool, sha256(cookie));
  if (session === undefined) return undefined;
  const { id, expiresAt } = session;
  return {
    name: session.name,
    role: session.role,
    tokenId: session.tokenId,
    session: { id, csrf: csrfToken(cookie), expiresAt },
    expiresAt,
  };
}

function readCookie(request: Request): string | undefined {
  for (const part of (request.get('cookie') ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if (name === SESSION_COOKIE && value !== undefined && /^[\w-]{20,100}$/.test(value)) return value;
  }
  return undefined;
}

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** Lets a caller pass who has at least this role. @throws PipelineError `ROLE_TOO_LOW` */
export function checkRole(caller: Caller, least: Role): void {
  if (RANK[caller.role] >= RANK[least]) return;
  throw new PipelineError({
    code: 'ROLE_TOO_LOW',
    recovery: 'fail',
    message: `this needs the role ${least}; ${caller.name} has ${caller.role}`,
  });
}

/** A page elsewhere can send a cookie along, but can neither read the CSRF token nor hide where it comes from.
 *  @throws PipelineError `CSRF_TOKEN_WRONG` */
export function checkCsrf(caller: Caller, request: Request): void {
  if (caller.session === null || request.method === 'GET') return;
  const given = request.get('x-csrf-token') ?? '';
  const origin = request.get('origin');
  const isOwn = origin === undefined || URL.parse(origin)?.host === request.get('host');
  if (isOwn && isSame(given, caller.session.csrf)) return;
  throw new PipelineError({
    code: 'CSRF_TOKEN_WRONG',
    recovery: 'fail',
    message: 'the call did not come from this page',
  });
}
