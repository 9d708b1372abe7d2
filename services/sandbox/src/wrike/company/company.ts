import type { Random } from '../../random.ts';
import type { SourceApiOptions } from '../../source-api.ts';
import { DAY, day, instant } from './calendar.ts';
import { Collection } from './collection.ts';
import { type Contact, seedContacts } from './contacts.ts';
import { FolderHistory } from './folder-history.ts';
import { type Folder, Folders } from './folders.ts';
import { folderId } from './ids.ts';
import { type Reference, seedReference } from './reference.ts';
import { type CustomStatus, type Space, seedSpaces, seedWorkflows, type Workflow } from './settings.ts';
import type { TaskSeed } from './task-seed.ts';
import { Tasks } from './tasks.ts';
import { Timelogs } from './timelogs.ts';
import { CUSTOMERS, PROJECTS, SPACES } from './vocabulary.ts';
import { seedWorkRecords, type WorkRecords } from './work-records.ts';
import { WorkSchedules } from './work-schedules.ts';

/** Everything that exists in the account. */
export interface Company {
  contacts: Contact[];
  spaces: Space[];
  workflows: Workflow[];
  folders: Folders;
  tasks: Tasks;
  taskSeed: TaskSeed;
  timelogs: Timelogs;
  records: WorkRecords;
  reference: Reference;
  schedules: WorkSchedules;
  /** Times that are locked, by space. */
  lockPeriods: Collection;
  history: FolderHistory;
  /** Ids of the persons who work there. */
  people: string[];
  /** Statuses that a task can have. */
  statuses: CustomStatus[];
  /** Epoch seconds. */
  now: () => number;
}

const HISTORY_START = Date.UTC(2023, 0, 2) / 1000;
const HISTORY_END = Date.UTC(2026, 5, 30) / 1000;
const DEALS_PER_PROJECT = 20;
const PROJECTS_PER_FOLDER = 10;
const DEALS_PER_PERSON = 1_000;

export function foundCompany({ deals, random, now }: SourceApiOptions): Company {
  const seconds = (): number => Math.floor(now() / 1000);
  const history = { historyStart: HISTORY_START, historyEnd: Math.min(HISTORY_END, seconds() - DAY) };
  const contacts = seedContacts(10 + Math.min(300, Math.floor(deals / DEALS_PER_PERSON)), random.fork());
  const persons = contacts.filter(({ type }) => type === 'Person').map(({ id }) => id);
  const people = contacts.filter(({ type, deleted }) => type === 'Person' && !deleted).map(({ id }) => id);
  const workflows = seedWorkflows();
  const statuses = workflows.flatMap(({ customStatuses }) => customStatuses);
  const spaces = seedSpaces(SPACES, workflows, people);
  const folders = seedFolders({ spaces, projects: Math.ceil(deals / DEALS_PER_PROJECT), people, workflows, random });
  const taskSeed = {
    count: deals * 2,
    seed: random.integer(0, 2 ** 32 - 1),
    ...history,
    folders: folders
      .in('live')
      .filter(({ project }) => project)
      .map(({ number }) => number),
    people: persons,
    // A copy: seeded tasks keep theirs when a status is added.
    statuses: [...statuses],
  };
  const timelogs = new Timelogs({
    count: deals,
    tasks: taskSeed.count,
    seed: random.integer(0, 2 ** 32 - 1),
    ...history,
    people: persons,
  });
  const tasks = new Tasks(taskSeed);
  const projects = taskSeed.folders.map(folderId);
  const surroundings = { people, projects, spaces: spaces.map(({ id }) => id), at: history.historyEnd };
  // Drawn last: what is above keeps its draws.
  const later = random.fork();
  return {
    ...{ contacts, spaces, workflows, folders, tasks, taskSeed, timelogs, people, statuses, now: seconds },
    records: seedWorkRecords({ tasks: taskSeed.count, deals, people: persons, random: later, ...history }),
    reference: seedReference({ ...surroundings, random: later }),
    schedules: new WorkSchedules(contacts, later, history.historyEnd),
    lockPeriods: seedLockPeriods(spaces),
    history: new FolderHistory(),
  };
}

function seedLockPeriods(spaces: readonly Space[]): Collection {
  const periods = new Collection('LP');
  for (const { id } of spaces.slice(0, 2)) {
    periods.add({ spaceId: id, startDate: '2025-01-01', endDate: '2025-12-31' });
  }
  return periods;
}

interface FolderSeed {
  spaces: readonly Space[];
  projects: number;
  people: readonly string[];
  workflows: readonly Workflow[];
  random: Random;
}

/** Space > customer folder > project. */
function seedFolders({ spaces, projects, people, workflows, random }: FolderSeed): Folders {
  const folders = new Folders();
  const roots = spaces.map((space) =>
    folders.add({ ...plainFolder(space.title, undefined, workflows), isSpace: true }),
  );
  let customer: Folder | undefined;
  for (let number = 0; number < projects; number += 1) {
    if (number % PROJECTS_PER_FOLDER === 0) {
      customer = folders.add({
        ...plainFolder(random.pick(CUSTOMERS), random.pick(roots), workflows),
        createdDate: HISTORY_START + random.integer(0, DAY),
      });
    }
    folders.add(makeProject(customer, people, workflows, random, HISTORY_START + random.integer(DAY, 2 * DAY)));
  }
  const old = folders.add(plainFolder('Old ideas', roots[0], workflows));
  old.place = 'bin';
  return folders;
}

function plainFolder(
  title: string,
  parent: Folder | undefined,
  workflows: readonly Workflow[],
): Omit<Folder, 'number'> {
  return {
    title,
    description: '',
    createdDate: HISTORY_START,
    updatedDate: HISTORY_START + DAY,
    color: undefined,
    parent,
    place: 'live',
    sharedIds: [],
    workflowId: workflows[0]?.id ?? '',
    values: {},
    isSpace: false,
    project: undefined,
  };
}

export function makeProject(
  parent: Folder | undefined,
  people: readonly string[],
  workflows: readonly Workflow[],
  random: Random,
  at: number,
): Omit<Folder, 'number'> {
  const owner = random.pick(people);
  const start = at + random.integer(0, 30) * DAY;
  return {
    ...plainFolder(`${random.pick(PROJECTS)} ${random.integer(1, 999)}`, parent, workflows),
    description: random.chance(0.5) ? 'Scope as agreed in the kick-off' : '',
    createdDate: at,
    updatedDate: at,
    color: random.pick(['', 'Purple1', 'Blue2', 'Green1']) || undefined,
    sharedIds: [owner],
    workflowId: workflows[1]?.id ?? '',
    project: {
      authorId: owner,
      ownerIds: [owner],
      status: random.pick(['Green', 'Green', 'Yellow', 'Red', 'OnHold'] as const),
      customStatusId: workflows[1]?.customStatuses[1]?.id ?? '',
      startDate: day(start),
      endDate: day(start + random.integer(30, 200) * DAY),
      createdDate: instant(at),
    },
  };
}
