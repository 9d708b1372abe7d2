import { column } from '@pipeline/singer';
import { listStream } from './list-stream.ts';

/** Definitions and lists that one response holds. */
export const customFields = listStream({
  name: 'custom_fields',
  path: '/customfields',
  kind: 'customfields',
  columns: {
    accountId: column.string,
    title: column.string,
    type: column.string,
    spaceId: column.string,
    sharedIds: column.array,
    settings: column.object,
    sharing: column.object,
  },
  about: { scopes: ['Default|wsReadOnly'] },
});

export const customItemTypes = listStream({
  name: 'custom_item_types',
  path: '/custom_item_types',
  columns: { title: column.string, description: column.string, spaceId: column.string, relatedType: column.string },
  about: { scopes: ['Default|wsReadOnly'] },
});

export const timelogCategories = listStream({
  name: 'timelog_categories',
  path: '/timelog_categories',
  columns: { name: column.string, order: column.integer, hidden: column.boolean },
  about: { scopes: ['Default|amReadOnlyTimelogCategory'] },
});

export const workSchedules = listStream({
  name: 'work_schedules',
  path: '/workschedules',
  kind: 'workschedules',
  optionalFields: ['userIds'],
  columns: { scheduleType: column.string, title: column.string, workweek: column.array, userIds: column.array },
  about: { scopes: ['amReadOnlyWorkSchedule'] },
});

export const userScheduleExclusions = listStream({
  name: 'user_schedule_exclusions',
  path: '/user_schedule_exclusions',
  columns: {
    userId: column.string,
    fromDate: column.date,
    toDate: column.date,
    isWorkDays: column.boolean,
    exclusionType: column.string,
  },
  about: { scopes: ['amReadOnlyWorkSchedule'] },
});

export const invitations = listStream({
  name: 'invitations',
  path: '/invitations',
  kind: 'invitations',
  columns: {
    accountId: column.string,
    firstName: column.string,
    lastName: column.string,
    email: column.string,
    status: column.string,
    inviterUserId: column.string,
    invitationDate: column.dateTime,
    resolvedDate: column.dateTime,
    role: column.string,
    external: column.boolean,
  },
  about: { scopes: ['amReadOnlyInvitation'] },
});

export const accessRoles = listStream({
  name: 'access_roles',
  path: '/access_roles',
  kind: 'accessRoles',
  columns: { title: column.string, description: column.string },
  about: { scopes: ['amReadOnlyAccessRole'] },
});

export const taskBlueprints = listStream({
  name: 'task_blueprints',
  path: '/task_blueprints',
  columns: { title: column.string, status: column.string, importance: column.string },
  about: { scopes: ['Default|wsReadOnly'] },
});

export const folderBlueprints = listStream({
  name: 'folder_blueprints',
  path: '/folder_blueprints',
  columns: { title: column.string, childIds: column.array, scope: column.string, project: column.object },
  about: { scopes: ['Default|wsReadOnly'] },
});
