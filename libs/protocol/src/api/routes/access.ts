import { z } from 'zod';
import * as access from '../access.ts';
import { Nothing, RowId } from '../form.ts';
import { defineRoutes } from '../route.ts';

export const accessRoutes = defineRoutes({
  login: {
    method: 'POST',
    path: '/api/login',
    role: 'public',
    summary: 'Opens a session with an access token',
    body: access.LoginRequest,
    response: access.LoginResponse,
  },
  logout: { method: 'POST', path: '/api/logout', role: 'viewer', summary: 'Ends the session', response: Nothing },
  getMe: {
    method: 'GET',
    path: '/api/me',
    role: 'viewer',
    summary: 'Who is logged in, and as what',
    response: access.Me,
  },
  listTokens: {
    method: 'GET',
    path: '/api/tokens',
    role: 'admin',
    summary: 'Access tokens',
    query: access.TokensQuery,
    response: access.Tokens,
  },
  createToken: {
    method: 'POST',
    path: '/api/tokens',
    role: 'admin',
    summary: 'Makes an access token, shown this once',
    body: access.NewToken,
    response: access.CreatedToken,
    status: 201,
  },
  revokeToken: {
    method: 'DELETE',
    path: '/api/tokens/:id',
    role: 'admin',
    summary: 'Revokes an access token and ends its sessions',
    params: z.strictObject({ id: RowId }),
    response: Nothing,
  },
  listSessions: {
    method: 'GET',
    path: '/api/sessions',
    role: 'admin',
    summary: 'Sessions that are open',
    query: access.SessionsQuery,
    response: access.Sessions,
  },
  endSession: {
    method: 'DELETE',
    path: '/api/sessions/:id',
    role: 'admin',
    summary: 'Ends a session',
    params: access.SessionParameters,
    response: Nothing,
  },
});
