import { account } from './streams/account.ts';
import { folderHistory, timelogLockPeriods, workScheduleExclusions } from './streams/fan-out.ts';
import { folders } from './streams/folders.ts';
import { contacts, groups } from './streams/people.ts';
import * as reference from './streams/reference.ts';
import * as resources from './streams/resources.ts';
import { spaces } from './streams/spaces.ts';
import { tasks } from './streams/tasks.ts';
import { timelogs } from './streams/timelogs.ts';
import { approvals, attachments, auditLog, comments } from './streams/work-records.ts';
import { workflows } from './streams/workflows.ts';

/** All streams, in the order in which people need them. */
export const streams = [
  account,
  tasks,
  folders,
  contacts,
  groups,
  workflows,
  reference.customFields,
  reference.customItemTypes,
  timelogs,
  reference.timelogCategories,
  spaces,
  reference.workSchedules,
  workScheduleExclusions,
  reference.userScheduleExclusions,
  approvals,
  comments,
  resources.timesheets,
  timelogLockPeriods,
  resources.bookings,
  resources.placeholders,
  resources.jobRoles,
  resources.hourlyRates,
  attachments,
  reference.taskBlueprints,
  reference.folderBlueprints,
  folderHistory,
  reference.invitations,
  reference.accessRoles,
  auditLog,
];
