import { column, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { wholeCollection } from '../reading/collection.ts';
import { pathOf } from '../reading/paths.ts';
import type { Settings } from '../settings.ts';

const PAGE = 100;

/** Who may log in. */
export const users = defineStream<Settings>({
  name: 'users',
  keyProperties: ['id'],
  schema: objectSchema({
    id: column.key,
    email: column.string,
    firstName: column.string,
    lastName: column.string,
    roleId: column.string,
    roleIds: column.array,
    primaryTeamId: column.string,
    secondaryTeamIds: column.array,
    superAdmin: column.boolean,
  }),
  replication: { method: 'FULL_TABLE' },
  isSelectedByDefault: false,
  about: {
    endpoint: 'GET /settings/users/2026-09',
    scopes: ['settings.users.read'],
    deletes: 'every read is complete',
    requestsIdle: 1,
  },
  read: ({ http, settings }) => wholeCollection('users', http, pathOf(settings, 'users'), [{ limit: PAGE }]),
});

/** Teams with their members. */
export const teams = defineStream<Settings>({
  name: 'teams',
  keyProperties: ['id'],
  schema: objectSchema({
    id: column.key,
    name: column.string,
    userIds: column.array,
    secondaryUserIds: column.array,
  }),
  replication: { method: 'FULL_TABLE' },
  isSelectedByDefault: false,
  about: {
    endpoint: 'GET /settings/users/2026-09/teams',
    scopes: ['settings.users.teams.read'],
    deletes: 'every read is complete',
    requestsIdle: 1,
  },
  read: ({ http, settings }) => wholeCollection('teams', http, pathOf(settings, 'teams')),
});
