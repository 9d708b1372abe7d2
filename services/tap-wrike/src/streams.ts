import { account } from './streams/account.ts';
import { folderHistory, timelogLockPeriods, workScheduleExclusions } from './streams/fan-out.ts';
import { folders } from './streams/folders.ts';
import { contacts, groups } from './streams/people.ts';
import {
  accessRoles,
  customFields,
  customItemTypes,
  folderBlueprints,
  invitations,
  taskBlueprints,
  timelogCategories,
  userScheduleExclusions,
  workSchedules,
} from './streams/reference.ts';
import { bookings, hourlyRates, jobRoles, placeholders, timesheets } from './streams/resources.ts';
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
  customFields,
  customItemTypes,
  timelogs,
  timelogCategories,
  spaces,
  workSchedules,
  workScheduleExclusions,
  userScheduleExclusions,
  approvals,
  comments,
  timesheets,
  timelogLockPeriods,
  bookings,
  placeholders,
  jobRoles,
  hourlyRates,
  attachments,
  taskBlueprints,
  folderBlueprints,
  folderHistory,
  invitations,
  accessRoles,
  auditLog,
];
