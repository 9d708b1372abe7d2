import type { Random } from '../../random.ts';
import { DAY, day } from './calendar.ts';
import { Collection, type Row } from './collection.ts';
import { seedCustomFields } from './custom-fields.ts';
import { ACCOUNT_ID, classicId } from './ids.ts';
import { JOB_TITLES, OBJECTS } from './vocabulary.ts';

/** What new rows may point to. */
export interface Surroundings {
  people: readonly string[];
  /** Ids of projects and of spaces. */
  projects: readonly string[];
  spaces: readonly string[];
  random: Random;
  /** Epoch seconds. */
  at: number;
}

/** A resource that a single response holds, and that rows of other kinds refer to. */
export interface ReferenceKind {
  stream: string;
  path: string;
  kind: string;
  idKind: string;
  count: number;
  make: (surroundings: Surroundings, number: number) => Row;
  /** What an administrator changes. */
  edit: (surroundings: Surroundings) => Row;
  /** Whether rows can be added and removed, not only edited. */
  comesAndGoes: boolean;
  /** Shown only when asked for. */
  optionalFields?: readonly string[];
  /** Further parameters. */
  parameters?: readonly string[];
}

const numbered = (name: string) => (one: Surroundings) => ({ title: `${name} ${one.random.integer(1, 999)}` });
const dayFrom = ({ at }: Surroundings, days: number): string => day(at + days * DAY);

export const REFERENCE_KINDS: readonly ReferenceKind[] = [
  {
    stream: 'custom_fields',
    path: '/customfields',
    kind: 'customfields',
    idKind: 'JU',
    count: seedCustomFields().length,
    make: (_, number) => ({ ...seedCustomFields()[number] }),
    edit: numbered('Field'),
    comesAndGoes: false,
    parameters: ['types', 'title', 'inheritanceTypes', 'applicableEntityTypes'],
  },
  {
    stream: 'timelog_categories',
    path: '/timelog_categories',
    kind: 'timelog_categories',
    idKind: 'MY',
    count: 4,
    make: (_, number) => ({
      name: ['Development', 'Design', 'Travel', 'Support'][number] ?? `Category ${number}`,
      order: number + 1,
      hidden: false,
    }),
    edit: ({ random }) => ({ name: `Category ${random.integer(1, 999)}`, hidden: random.chance(0.2) }),
    comesAndGoes: false,
  },
  {
    stream: 'access_roles',
    path: '/access_roles',
    kind: 'accessRoles',
    idKind: 'ND',
    count: 4,
    make: (_, number) => ({
      title: ['Full', 'Editor', 'Limited', 'Read only'][number] ?? `Role ${number}`,
      description: 'As the account was made',
    }),
    edit: numbered('Role'),
    comesAndGoes: false,
  },
  {
    stream: 'custom_item_types',
    path: '/custom_item_types',
    kind: 'customItemTypes',
    idKind: 'PI',
    count: 2,
    make: ({ spaces }, number) => ({
      title: ['Task', 'Bug'][number] ?? `Type ${number}`,
      description: '',
      spaceId: spaces[0] ?? '',
      relatedType: 'Task',
    }),
    edit: numbered('Type'),
    comesAndGoes: false,
  },
  {
    stream: 'invitations',
    path: '/invitations',
    kind: 'invitations',
    idKind: 'JE',
    count: 3,
    make: ({ people, random, at }, number) => ({
      accountId: ACCOUNT_ID,
      firstName: 'New',
      lastName: `Colleague ${number}`,
      email: `invited${number}@example.com`,
      status: 'Pending',
      inviterUserId: random.pick(people),
      invitationDate: `${day(at)}T08:14:04Z`,
      role: 'User',
      external: false,
    }),
    edit: ({ random }) => ({ status: random.pick(['Accepted', 'Declined', 'Cancelled']) }),
    comesAndGoes: true,
  },
  {
    stream: 'job_roles',
    path: '/jobroles',
    kind: 'jobRoles',
    idKind: 'TJ',
    count: JOB_TITLES.length,
    make: ({ random }, number) => ({
      title: JOB_TITLES[number] ?? random.pick(JOB_TITLES),
      shortTitle: `J${number}`,
      isDeleted: false,
    }),
    edit: numbered('Role'),
    comesAndGoes: true,
  },
  {
    stream: 'placeholders',
    path: '/placeholders',
    kind: 'placeholders',
    idKind: 'TP',
    count: 2,
    make: ({ random }, number) => ({
      title: `Any ${random.pick(JOB_TITLES)}`,
      shortTitle: `P${number}`,
      jobRoleId: classicId('TJ', number % JOB_TITLES.length),
    }),
    edit: numbered('Any'),
    comesAndGoes: true,
  },
  {
    stream: 'hourly_rates',
    path: '/hourly_rates',
    kind: 'hourlyRates',
    idKind: 'HR',
    count: 3,
    make: ({ random }, number) => ({
      jobRoleId: classicId('TJ', number % JOB_TITLES.length),
      type: number % 2 === 0 ? 'Bill' : 'Cost',
      rate: random.integer(40, 160),
      currency: 'EUR',
    }),
    edit: ({ random }) => ({ rate: random.integer(40, 160) }),
    comesAndGoes: true,
  },
  {
    stream: 'bookings',
    path: '/bookings',
    kind: 'bookings',
    idKind: 'BK',
    count: 8,
    make: (one) => {
      const [startDate, finishDate] = [dayFrom(one, 1), dayFrom(one, 5)];
      return {
        title: `Work on ${one.random.pick(OBJECTS)}`,
        folderId: one.random.pick(one.projects),
        responsibleId: one.random.pick(one.people),
        bookingDates: { duration: 2_400, startDate, finishDate, workOnWeekends: false },
        effortAllocation: { mode: 'FullTime', totalEffort: 2_400 },
      };
    },
    edit: ({ random, people }) => ({ responsibleId: random.pick(people) }),
    comesAndGoes: true,
    parameters: ['startDate', 'finishDate', 'responsibleIds', 'responsiblePlaceholderIds'],
  },
  {
    stream: 'timesheets',
    path: '/timesheets',
    kind: 'timesheets',
    idKind: 'TS',
    count: 6,
    make: (one) => ({
      userId: one.random.pick(one.people),
      startDate: dayFrom(one, -7),
      endDate: dayFrom(one, -1),
      approvalStatus: 'Draft',
    }),
    edit: ({ random }) => ({ approvalStatus: random.pick(['Submitted', 'Approved', 'Rejected']) }),
    comesAndGoes: true,
  },
  {
    stream: 'task_blueprints',
    path: '/task_blueprints',
    kind: 'taskBlueprints',
    idKind: 'BT',
    count: 3,
    make: ({ random }) => ({ title: `Standard ${random.pick(OBJECTS)}`, status: 'Active', importance: 'Normal' }),
    edit: numbered('Standard'),
    comesAndGoes: true,
    parameters: ['limit'],
  },
  {
    stream: 'folder_blueprints',
    path: '/folder_blueprints',
    kind: 'folderBlueprintsTree',
    idKind: 'BF',
    count: 2,
    make: (_, number) => ({ title: `Project template ${number}`, childIds: [], scope: 'BpFolder' }),
    edit: numbered('Project template'),
    comesAndGoes: true,
    parameters: ['permalink', 'title', 'customFields'],
    optionalFields: ['customFields'],
  },
  {
    stream: 'user_schedule_exclusions',
    path: '/user_schedule_exclusions',
    kind: 'userScheduleExclusions',
    idKind: 'MX',
    count: 6,
    make: (one) => {
      const start = one.random.integer(-60, 30);
      return {
        userId: one.random.pick(one.people),
        fromDate: dayFrom(one, start),
        toDate: dayFrom(one, start + one.random.integer(0, 9)),
        isWorkDays: false,
        exclusionType: 'VacationPTO',
      };
    },
    edit: (one) => ({ toDate: dayFrom(one, one.random.integer(30, 60)) }),
    comesAndGoes: true,
    parameters: ['dateRange', 'userIds'],
  },
];

export type Reference = ReadonlyMap<string, Collection>;

/** @returns the rows of each kind, by the name of the stream. */
export function seedReference(surroundings: Surroundings): Reference {
  return new Map(
    REFERENCE_KINDS.map((kind) => {
      const rows = new Collection(kind.idKind);
      for (let number = 0; number < kind.count; number += 1) rows.add(kind.make(surroundings, number));
      return [kind.stream, rows];
    }),
  );
}
