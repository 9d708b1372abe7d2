import { column, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { readByIds } from '../reading/by-ids.ts';
import { getPage, idOf, TREE } from '../reading/page.ts';
import type { Settings } from '../settings.ts';

/** Days that differ from a schedule: holidays, and weekends that are worked. One request for each schedule. */
export const workScheduleExclusions = defineStream<Settings>({
  name: 'work_schedule_exclusions',
  keyProperties: ['id'],
  replication: { method: 'FULL_TABLE' },
  schema: objectSchema({
    id: column.key,
    workScheduleId: column.string,
    fromDate: column.date,
    toDate: column.date,
    isWorkDays: column.boolean,
    exclusionType: column.string,
  }),
  about: {
    endpoint: 'GET /workschedules/{id}/workschedule_exclusions',
    scopes: ['amReadOnlyWorkSchedule'],
    deletes: 'absent from the next read',
    requestsIdle: 3,
  },
  read: async function* ({ http }) {
    yield { type: 'deletes', stream: 'work_schedule_exclusions', rule: { kind: 'absent' } };
    const schedules = await getPage(http, '/workschedules');
    for (const workScheduleId of schedules.rows.map(idOf)) {
      const { rows } = await getPage(
        http,
        `/workschedules/${encodeURIComponent(workScheduleId)}/workschedule_exclusions`,
      );
      const records = rows.map((row) => ({ ...row, workScheduleId }));
      yield { type: 'records', stream: 'work_schedule_exclusions', records };
    }
  },
});

/** Times in which no hours can be logged any more, by space. One request for each space; periods of single folders are not read. */
export const timelogLockPeriods = defineStream<Settings>({
  name: 'timelog_lock_periods',
  keyProperties: ['spaceId', 'startDate', 'endDate'],
  replication: { method: 'FULL_TABLE' },
  schema: objectSchema({ spaceId: column.key, startDate: column.key, endDate: column.key }),
  isSelectedByDefault: false,
  about: {
    endpoint: 'GET /spaces/{id}/timelog_lock_periods',
    scopes: ['Default|wsReadOnly'],
    deletes: 'absent from the next read',
  },
  read: async function* ({ http }) {
    yield { type: 'deletes', stream: 'timelog_lock_periods', rule: { kind: 'absent' } };
    const spaces = await getPage(http, '/spaces', { withArchived: true }, { kind: 'spaces' });
    for (const spaceId of spaces.rows.map(idOf)) {
      const path = `/spaces/${encodeURIComponent(spaceId)}/timelog_lock_periods`;
      const { rows } = await getPage(http, path, {}, { hasIds: false });
      const records = rows.map((row): JsonObject => ({ ...row, spaceId }));
      yield { type: 'records', stream: 'timelog_lock_periods', records };
    }
  },
});

/** What the fields of folders and projects were before. A hundred folders a request: read only when asked for. */
export const folderHistory = defineStream<Settings>({
  name: 'folder_history',
  keyProperties: ['id'],
  replication: { method: 'FULL_TABLE' },
  schema: objectSchema({ id: column.key, history: column.array }),
  isSelectedByDefault: false,
  about: {
    endpoint: 'GET /folders/{ids}/folders_history',
    scopes: ['Default|wsReadOnly'],
    deletes: 'absent from the next read',
  },
  read: async function* ({ http }) {
    yield { type: 'deletes', stream: 'folder_history', rule: { kind: 'absent' } };
    const tree = await getPage(http, '/folders', {}, { kind: TREE });
    const ids = tree.rows.filter(({ scope }) => scope === 'WsFolder').map(idOf);
    for await (const { rows } of readByIds(http, ids, { prefix: '/folders/', suffix: '/folders_history' })) {
      yield { type: 'records', stream: 'folder_history', records: rows };
    }
  },
});
