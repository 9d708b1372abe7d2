import { column } from '@pipeline/singer';
import { listStream } from './list-stream.ts';

const USERS_PAGE = 100;

/** Who may log in. */
export const users = listStream({
  name: 'users',
  path: 'users',
  queries: [{ limit: USERS_PAGE }],
  columns: {
    email: column.string,
    firstName: column.string,
    lastName: column.string,
    roleId: column.string,
    roleIds: column.array,
    primaryTeamId: column.string,
    secondaryTeamIds: column.array,
    superAdmin: column.boolean,
  },
  isSelectedByDefault: false,
  about: {
    endpoint: 'GET /settings/users/2026-09',
    scopes: ['settings.users.read'],
    requestsIdle: 1,
  },
});

/** Teams with their members. */
export const teams = listStream({
  name: 'teams',
  path: 'teams',
  columns: {
    name: column.string,
    userIds: column.array,
    secondaryUserIds: column.array,
  },
  isSelectedByDefault: false,
  about: {
    endpoint: 'GET /settings/users/2026-09/teams',
    scopes: ['settings.users.teams.read'],
    requestsIdle: 1,
  },
});
