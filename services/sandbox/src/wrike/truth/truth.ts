import type { TruthStream } from '../../source-api.ts';
import { dependencyModel } from '../api/dependency-routes.ts';
import { taskModel } from '../api/task-model.ts';
import type { Company } from '../company/company.ts';
import { groupModel } from '../company/contacts.ts';
import { folderModel } from '../company/folders.ts';
import { REFERENCE_KINDS } from '../company/reference.ts';
import { account } from '../company/settings.ts';
import { timelogModel } from '../company/timelogs.ts';
import { approvalModel, attachmentModel, auditModel, commentModel } from '../company/work-records.ts';
import { bridgeTruth } from './bridge-truth.ts';
import { truthStream } from './truth-stream.ts';

/** What a complete copy of the account holds. Removed people, and what lies in the recycle bin, is deleted. */
export function wrikeTruth(company: Company): TruthStream[] {
  return [...peopleTruth(company), ...workTruth(company), ...referenceTruth(company), ...bridgeTruth(company)];
}

function peopleTruth({ contacts, spaces, workflows }: Company): TruthStream[] {
  const present = () => contacts.filter((contact) => !contact.deleted);
  return [
    truthStream('account', () => [account]),
    truthStream('contacts', present),
    truthStream('groups', () =>
      present()
        .filter(({ type }) => type === 'Group')
        .map(groupModel),
    ),
    truthStream('spaces', () => spaces),
    truthStream('workflows', () => workflows),
  ];
}

function workTruth({ folders, tasks, timelogs, records }: Company): TruthStream[] {
  return [
    truthStream('folders', () => map(folders.in('live'), (folder) => folderModel(folders, folder))),
    truthStream('tasks', () => map(tasks.find({ place: 'live' }), (number) => taskModel(tasks, number)), {
      count: tasks.count({ place: 'live' }),
    }),
    truthStream('timelogs', () => map(timelogs.find({ place: 'live' }), (number) => timelogModel(timelogs, number)), {
      count: timelogs.count({ place: 'live' }),
    }),
    truthStream('dependencies', () => map(tasks.dependencies(), (pair) => dependencyModel(...pair))),
    truthStream('comments', () => map(records.comments, (comment) => commentModel(comment))),
    truthStream('attachments', () => map(records.attachments, attachmentModel)),
    truthStream('approvals', () => map(records.approvals, approvalModel)),
    truthStream('audit_log', () => records.audit.map(auditModel)),
  ];
}

function referenceTruth({ reference, schedules, spaces, lockPeriods, folders, history }: Company): TruthStream[] {
  return [
    ...REFERENCE_KINDS.map(({ stream }) => truthStream(stream, () => reference.get(stream)?.rows ?? [])),
    truthStream('work_schedules', () => schedules.list()),
    truthStream('work_schedule_exclusions', () =>
      map(schedules.exclusions(), ({ scheduleId, ...row }) => ({ ...row, workScheduleId: scheduleId })),
    ),
    truthStream(
      'timelog_lock_periods',
      () => {
        const known = new Set(spaces.map(({ id }) => id));
        return lockPeriods.rows
          .filter(({ spaceId }) => known.has(String(spaceId)))
          .map(({ spaceId, startDate, endDate }) => ({ spaceId, startDate, endDate }));
      },
      { key: ['spaceId', 'startDate', 'endDate'] },
    ),
    truthStream('folder_history', () => map(folders.in('live'), ({ number }) => history.model(number))),
  ];
}

function* map<From, To>(items: Iterable<From>, change: (item: From) => To): Generator<To> {
  for (const item of items) yield change(item);
}
