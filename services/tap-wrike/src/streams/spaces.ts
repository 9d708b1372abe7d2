import { column, objectSchema } from '@pipeline/singer';
import { idOf } from '../reading/page.ts';
import { type Bridge, objectsIn } from './bridge.ts';
import { listStream } from './list-stream.ts';

const members: Bridge = {
  name: 'space_members',
  keyProperties: ['spaceId', 'contactId'],
  schema: objectSchema({
    spaceId: column.key,
    contactId: column.key,
    accessRoleId: column.string,
    isManager: column.boolean,
  }),
  parentKey: 'spaceId',
  rowsOf: (space) =>
    objectsIn(space['members']).map(({ id, ...member }) => ({ ...member, spaceId: idOf(space), contactId: id })),
};

export const spaces = listStream({
  name: 'spaces',
  path: '/spaces',
  kind: 'spaces',
  query: { withArchived: true },
  optionalFields: ['members'],
  columns: {
    title: column.string,
    avatarUrl: column.string,
    accessType: column.string,
    archived: column.boolean,
    members: column.array,
    guestRoleId: column.string,
    defaultProjectWorkflowId: column.string,
    defaultTaskWorkflowId: column.string,
  },
  bridges: [members],
  about: { scopes: ['wsReadOnly'] },
});
