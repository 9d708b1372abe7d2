import { ACCOUNT_ID, BIN_ID, base32, classicId, folderId, ROOT_ID } from './ids.ts';

/** What the account's administrators keep: the account itself and its workflows. */
export interface Workflow {
  id: string;
  name: string;
  standard: boolean;
  hidden: boolean;
  customStatuses: CustomStatus[];
}

export interface CustomStatus {
  id: string;
  name: string;
  standardName: boolean;
  color: string;
  standard: boolean;
  group: StatusGroup;
  hidden: boolean;
}

export type StatusGroup = 'Active' | 'Completed' | 'Deferred' | 'Cancelled';

export const account = {
  id: ACCOUNT_ID,
  name: 'Acme',
  dateFormat: 'MM/dd/yyyy',
  firstDayOfWeek: 'Mon',
  workDays: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'],
  rootFolderId: ROOT_ID,
  recycleBinId: BIN_ID,
  createdDate: '2023-01-02T08:14:04Z',
  joinedDate: '2023-01-02T08:14:04Z',
};

/** Only with `fields=["subscription"]`. */
export const subscription = { type: 'Business', suspended: false, paid: true, userLimit: 500 };

export function seedWorkflows(): Workflow[] {
  return [
    workflow(0, 'Default Workflow', true, [
      ['New', 'Blue', 'Active'],
      ['Completed', 'Green', 'Completed'],
      ['Deferred', 'Gray', 'Deferred'],
      ['Cancelled', 'Gray', 'Cancelled'],
    ]),
    workflow(1, 'Delivery', false, [
      ['Planned', 'Indigo', 'Active'],
      ['In Progress', 'Turquoise', 'Active'],
      ['In Review', 'Yellow', 'Active'],
      ['Delivered', 'Green', 'Completed'],
      ['On Hold', 'Gray', 'Deferred'],
      ['Dropped', 'Red', 'Cancelled'],
    ]),
  ];
}

/** Ten statuses are numbered per workflow. */
export function customStatus(
  workflowNumber: number,
  number: number,
  [name, color, group]: readonly [string, string, StatusGroup],
): CustomStatus {
  const standard = workflowNumber === 0;
  const id = classicId('JM', workflowNumber * 10 + number);
  return { id, name, standardName: standard, color, standard, group, hidden: false };
}

function workflow(
  number: number,
  name: string,
  standard: boolean,
  statuses: readonly (readonly [string, string, StatusGroup])[],
): Workflow {
  const customStatuses = statuses.map((status, index) => customStatus(number, index, status));
  return { id: `${ACCOUNT_ID}K${base32(number, 7)}`, name, standard, hidden: false, customStatuses };
}

export interface Space {
  id: string;
  title: string;
  avatarUrl: string;
  accessType: 'Personal' | 'Private' | 'Public';
  archived: boolean;
  defaultProjectWorkflowId: string;
  defaultTaskWorkflowId: string;
  members: { id: string; accessRoleId: string; isManager: boolean }[];
}

/** A space is a folder too, and shares its id with it. */
export function seedSpaces(titles: readonly string[], workflows: readonly Workflow[], members: string[]): Space[] {
  return titles.map((title, number) => ({
    id: folderId(number),
    title,
    avatarUrl: `https://www.wrike.com/static/spaceicons2/v3/${number + 1}/${number + 1}-planet.png`,
    accessType: number % 3 === 2 ? 'Private' : 'Public',
    archived: number === titles.length - 1,
    defaultProjectWorkflowId: workflows[0]?.id ?? '',
    defaultTaskWorkflowId: workflows[number % 2]?.id ?? '',
    members: members
      .filter((_, index) => index % titles.length === number)
      .map((id, index) => ({ id, accessRoleId: `${ACCOUNT_ID}ND777777`, isManager: index === 0 })),
  }));
}
