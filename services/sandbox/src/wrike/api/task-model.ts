import { instant } from '../company/calendar.ts';
import { customFieldValues } from '../company/custom-fields.ts';
import { ACCOUNT_ID, base32, dependencyId, folderId, taskId, taskPermalink } from '../company/ids.ts';
import type { Task, TaskDates } from '../company/task-seed.ts';
import type { Tasks } from '../company/tasks.ts';

/** The Task model with every optional field. */
export function taskModel(tasks: Tasks, number: number): Record<string, unknown> {
  const task = tasks.row(number);
  const place = tasks.place(number);
  const parent = task.superTask === undefined ? undefined : tasks.row(task.superTask);
  const ids = (numbers: (number | undefined)[]): string[] => numbers.filter((one) => one !== undefined).map(taskId);
  return {
    id: taskId(number),
    accountId: ACCOUNT_ID,
    title: task.title,
    description: task.description && `<p>${task.description}</p>`,
    briefDescription: task.description,
    parentIds: task.folder === undefined ? [] : [folderId(task.folder)],
    superParentIds: parent?.folder === undefined ? [] : [folderId(parent.folder)],
    sharedIds: [...new Set([task.authorId, ...task.responsibleIds])],
    responsibleIds: task.responsibleIds,
    responsiblePlaceholderIds: [],
    status: task.group,
    importance: task.importance,
    createdDate: instant(tasks.created(number)),
    updatedDate: instant(tasks.updated(number)),
    ...(task.completedDate !== undefined && { completedDate: instant(task.completedDate) }),
    dates: task.dates,
    scope: place === 'bin' ? 'RbTask' : 'WsTask',
    authorIds: [task.authorId],
    customStatusId: task.customStatusId,
    hasAttachments: false,
    attachmentCount: 0,
    permalink: taskPermalink(number),
    priority: number.toString(16).padStart(24, '0'),
    recurrent: false,
    superTaskIds: ids([task.superTask]),
    subTaskIds: ids(tasks.subTasks(number)),
    dependencyIds: dependencyIds(tasks, number, task),
    metadata: [],
    customFields: customFieldValues(task.values),
    effortAllocation: effort(task.dates),
    billingType: task.isBillable ? 'Billable' : 'NonBillable',
    customItemTypeId: `${ACCOUNT_ID}PI${base32(0, 6)}`,
  };
}

/** Who hears of changes; only `/tasks/{ids}` tells. */
export function followerIds({ authorId, responsibleIds }: Task): string[] {
  return [...new Set([authorId, ...responsibleIds])];
}

/** The Task model without the fields that must be asked for. */
export const THIN_TASK = new Set([
  'id',
  'accountId',
  'title',
  'status',
  'importance',
  'createdDate',
  'updatedDate',
  'completedDate',
  'dates',
  'scope',
  'customStatusId',
  'permalink',
  'priority',
]);

function dependencyIds(tasks: Tasks, number: number, task: Task): string[] {
  const isLive = (other: number): boolean => tasks.place(other) === 'live';
  const before = task.predecessor !== undefined && isLive(task.predecessor) ? [task.predecessor] : [];
  return [
    ...before.map((other) => dependencyId(other, number)),
    ...tasks
      .successors(number)
      .filter(isLive)
      .map((other) => dependencyId(number, other)),
  ];
}

function effort(dates: TaskDates): Record<string, unknown> {
  if (dates.type !== 'Planned') return { mode: 'None' };
  const minutes = dates.duration;
  return { mode: 'Basic', totalEffort: minutes, allocatedEffort: minutes, dailyAllocationPercentage: 100 };
}
