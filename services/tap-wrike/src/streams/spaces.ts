import { column, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { getPage } from '../page.ts';
import type { Settings } from '../settings.ts';

export const spaces = defineStream<Settings>({
  name: 'spaces',
  keyProperties: ['id'],
  replication: { method: 'FULL_TABLE' },
  schema: objectSchema({
    id: column.key,
    title: column.string,
    avatarUrl: column.string,
    accessType: column.string,
    archived: column.boolean,
    members: column.array,
    guestRoleId: column.string,
    defaultProjectWorkflowId: column.string,
    defaultTaskWorkflowId: column.string,
  }),
  read: async function* ({ http }) {
    const { rows } = await getPage(http, '/spaces', { withArchived: true, fields: '["members"]' });
    yield { type: 'records', stream: 'spaces', records: rows };
    yield { type: 'deletes', stream: 'spaces', rule: { kind: 'absent' } };
  },
});
