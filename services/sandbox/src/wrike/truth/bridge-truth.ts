import type { TruthStream } from '../../source-api.ts';
import { followerIds } from '../api/task-model.ts';
import type { Company } from '../company/company.ts';
import {
  CUSTOM_FIELD_DEFINITIONS,
  type CustomValues,
  customFieldNameOf,
  customFieldValues,
} from '../company/custom-fields.ts';
import { folderModel } from '../company/folders.ts';
import { folderId, taskId } from '../company/ids.ts';
import type { Task } from '../company/task-seed.ts';
import { approvalModel } from '../company/work-records.ts';
import { truthStream } from './truth-stream.ts';

type Row = Record<string, unknown>;

/** Rows that connect two things: who works on a task, where it hangs, what its custom fields hold. */
export function bridgeTruth(company: Company): TruthStream[] {
  const { tasks, contacts, spaces, workflows, records } = company;
  const ofTasks = (rowsOf: (number: number) => Row[]) => () => flatMap(tasks.find({ place: 'live' }), rowsOf);
  return [
    truthStream(
      'task_parents',
      ofTasks((number) => links(number, 'folderId', folderIds(tasks.row(number)))),
      {
        key: ['taskId', 'folderId'],
      },
    ),
    truthStream(
      'task_super_tasks',
      ofTasks((number) => links(number, 'superTaskId', superTaskIds(tasks.row(number)))),
      {
        key: ['taskId', 'superTaskId'],
      },
    ),
    truthStream(
      'task_assignees',
      ofTasks((number) => links(number, 'contactId', tasks.row(number).responsibleIds)),
      {
        key: ['taskId', 'contactId'],
      },
    ),
    truthStream(
      'task_followers',
      ofTasks((number) => links(number, 'contactId', followerIds(tasks.row(number)))),
      { key: ['taskId', 'contactId'] },
    ),
    truthStream(
      'task_custom_fields',
      ofTasks((number) => valueRows({ taskId: taskId(number) }, tasks.row(number).values)),
      { key: ['taskId', 'customFieldId'] },
    ),
    ...folderBridges(company),
    truthStream(
      'group_members',
      () =>
        contacts
          .filter(({ type, deleted }) => type === 'Group' && !deleted)
          .flatMap(({ id, memberIds = [] }) => memberIds.map((contactId) => ({ groupId: id, contactId }))),
      { key: ['groupId', 'contactId'] },
    ),
    truthStream(
      'space_members',
      () =>
        spaces.flatMap(({ id: spaceId, members }) =>
          members.map(({ id: contactId, ...role }) => ({ spaceId, contactId, ...role })),
        ),
      { key: ['spaceId', 'contactId'] },
    ),
    truthStream(
      'custom_statuses',
      () => workflows.flatMap(({ id, customStatuses }) => customStatuses.map((one) => ({ ...one, workflowId: id }))),
      { key: ['workflowId', 'id'] },
    ),
    truthStream(
      'approval_decisions',
      () =>
        flatMap(records.approvals, (approval) => {
          const { id: approvalId, decisions } = approvalModel(approval);
          return decisions.map((decision) => ({ ...decision, approvalId }));
        }),
      { key: ['approvalId', 'approverId'] },
    ),
  ];
}

function folderBridges({ folders }: Company): TruthStream[] {
  const ofFolders = (stream: string, key: string[], rowsOf: (number: number) => Row[]) =>
    truthStream(stream, () => folders.in('live').flatMap(({ number }) => rowsOf(number)), { key });
  const model = (number: number): Row => {
    const folder = folders.all[number];
    return folder ? folderModel(folders, folder) : {};
  };
  return [
    ofFolders('folder_parents', ['folderId', 'parentId'], (number) =>
      strings(model(number)['parentIds']).map((parentId) => ({ folderId: folderId(number), parentId })),
    ),
    ofFolders('folder_members', ['folderId', 'contactId'], (number) =>
      strings(model(number)['sharedIds']).map((contactId) => ({ folderId: folderId(number), contactId })),
    ),
    ofFolders('project_owners', ['folderId', 'contactId'], (number) =>
      (folders.all[number]?.project?.ownerIds ?? []).map((contactId) => ({ folderId: folderId(number), contactId })),
    ),
    ofFolders('folder_custom_fields', ['folderId', 'customFieldId'], (number) =>
      valueRows({ folderId: folderId(number) }, folders.all[number]?.values ?? {}),
    ),
  ];
}

function links(number: number, column: string, ids: readonly string[]): Row[] {
  return ids.map((id) => ({ taskId: taskId(number), [column]: id }));
}

function folderIds({ folder }: Task): string[] {
  return folder === undefined ? [] : [folderId(folder)];
}

function superTaskIds({ superTask }: Task): string[] {
  return superTask === undefined ? [] : [taskId(superTask)];
}

/** A value in the type of its field, besides its text. */
function valueRows(owner: Row, values: CustomValues): Row[] {
  return customFieldValues(values).map(({ id, value }) => {
    const name = customFieldNameOf(id);
    const type = name === undefined ? undefined : CUSTOM_FIELD_DEFINITIONS[name].type;
    return { ...owner, customFieldId: id, type, value, ...typed(type, value) };
  });
}

function typed(type: string | undefined, value: string): Row {
  switch (type) {
    case 'Numeric':
    case 'Currency':
      return { valueNumber: Number(value) };
    case 'Date':
      return { valueDate: value };
    case 'Checkbox':
      return { valueBoolean: value === 'true' };
    case 'Contacts':
      return { valueList: value.split(',') };
    case 'Multiple':
      return { valueList: JSON.parse(value) };
    default:
      return {};
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function* flatMap<From, To>(items: Iterable<From>, change: (item: From) => readonly To[]): Generator<To> {
  for (const item of items) yield* change(item);
}
