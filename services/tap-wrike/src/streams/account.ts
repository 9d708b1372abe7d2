import { column } from '@pipeline/singer';
import { listStream } from './list-stream.ts';

export const account = listStream({
  name: 'account',
  path: '/account',
  kind: 'accounts',
  columns: {
    name: column.string,
    dateFormat: column.string,
    firstDayOfWeek: column.string,
    workDays: column.array,
    rootFolderId: column.string,
    recycleBinId: column.string,
    createdDate: column.dateTime,
    joinedDate: column.dateTime,
  },
  about: { scopes: ['Default|wsReadOnly'] },
});
