import type { Random } from '../random.ts';
import { type Company, makeProject } from './company.ts';
import { person, remove } from './contacts.ts';
import type { Folder } from './folders.ts';
import { canBeRestored, placeTask } from './recycle-bin.ts';
import { customStatus } from './settings.ts';
import { makeDates, type Task } from './tasks.ts';
import { workDone } from './timelogs.ts';
import { FIRST_NAMES, OBJECTS, PROJECTS, SPACES, VERBS } from './vocabulary.ts';

/** Makes the change and says what it was, or gives undefined when there is nothing to change in this way. */
type Change = (company: Company, random: Random) => string | undefined;

const PEOPLE_MIN = 4;
const PROJECTS_MIN = 3;
const STATUSES_MAX = 10;

const changes: readonly (readonly [weight: number, change: Change])[] = [
  [30, updateTask],
  [12, createTask],
  [6, createSubTask],
  [8, binTask],
  [5, restoreTask],
  [5, eraseTask],
  [5, moveTask],
  [8, logTime],
  [6, updateTimelog],
  [5, deleteTimelog],
  [3, renameFolder],
  [2, createProject],
  [2, moveFolder],
  [1, convertFolder],
  [1, binFolder],
  [1, restoreFolder],
  [1, eraseFolder],
  [1, renamePerson],
  [1, hire],
  [1, dismiss],
  [1, renameStatus],
  [1, addStatus],
  [1, renameSpace],
];
const WEIGHTS = changes.reduce((sum, [weight]) => sum + weight, 0);

/** One change that a user of Wrike could make. */
export function mutateCompany(company: Company, random: Random): string {
  const change = pickChange(random.integer(1, WEIGHTS));
  return change(company, random) ?? createTask(company, random) ?? 'nothing could be changed';
}

function pickChange(draw: number): Change {
  let sum = 0;
  for (const [weight, change] of changes) {
    sum += weight;
    if (draw <= sum) return change;
  }
  return createTask;
}

function updateTask({ tasks, people, statuses, now }: Company, random: Random): string | undefined {
  const number = tasks.pick(random, 'live');
  if (number === undefined) return undefined;
  const status = random.pick(statuses);
  const patch = random.pick<Partial<Task>>([
    { title: newTitle(random) },
    { description: `Changed to ${random.pick(OBJECTS)}` },
    { importance: random.pick(['High', 'Normal', 'Low'] as const) },
    {
      customStatusId: status.id,
      group: status.group,
      completedDate: status.group === 'Completed' ? now() : undefined,
    },
    { responsibleIds: random.chance(0.2) ? [] : [random.pick(people)] },
    { impact: random.pick(['', 'Low', 'High']) || undefined },
    { dates: makeDates(random, now()) },
  ]);
  tasks.change(number, { ...tasks.row(number), ...patch }, now());
  return `task ${number} updated`;
}

function createTask(company: Company, random: Random): string | undefined {
  const folder = pickFolder(company, random, (one) => Boolean(one.project));
  if (!folder) return undefined;
  const number = company.tasks.add({ ...newTask(company, random), folder: folder.number }, company.now());
  return `task ${number} created`;
}

function createSubTask(company: Company, random: Random): string | undefined {
  const { tasks, now } = company;
  const parent = tasks.pick(random, 'live');
  if (parent === undefined || tasks.isSubTask(parent)) return undefined;
  const number = tasks.add({ ...newTask(company, random), superTask: parent }, now());
  tasks.touch(parent, now());
  return `subtask ${number} of task ${parent} created`;
}

function binTask(company: Company, random: Random): string | undefined {
  const number = company.tasks.pick(random, 'live');
  if (number === undefined) return undefined;
  placeTask(company, number, 'bin');
  return `task ${number} moved to the recycle bin`;
}

function restoreTask(company: Company, random: Random): string | undefined {
  const { tasks } = company;
  const number = tasks.pick(random, 'bin');
  if (number === undefined || !canBeRestored(company, number)) return undefined;
  placeTask(company, number, 'live');
  return `task ${number} restored`;
}

function eraseTask(company: Company, random: Random): string | undefined {
  const number = company.tasks.pick(random, 'bin');
  if (number === undefined) return undefined;
  placeTask(company, number, 'gone');
  return `task ${number} erased`;
}

function moveTask(company: Company, random: Random): string | undefined {
  const { tasks, now } = company;
  const number = tasks.pick(random, 'live');
  const folder = pickFolder(company, random, (one) => Boolean(one.project));
  if (number === undefined || !folder || tasks.isSubTask(number)) return undefined;
  tasks.change(number, { ...tasks.row(number), folder: folder.number }, now());
  for (const subTask of tasks.subTasks(number)) tasks.touch(subTask, now());
  return `task ${number} moved to another project`;
}

function logTime({ tasks, timelogs, people, now }: Company, random: Random): string | undefined {
  const task = tasks.pick(random, 'live');
  if (task === undefined) return undefined;
  const number = timelogs.add({ task, ...workDone(random, people, now()) }, now());
  return `time log ${number} created`;
}

function updateTimelog({ timelogs, now }: Company, random: Random): string | undefined {
  const number = timelogs.pick(random, 'live');
  if (number === undefined) return undefined;
  timelogs.change(number, { ...timelogs.row(number), quarters: random.integer(1, 40) }, now());
  return `time log ${number} updated`;
}

function deleteTimelog({ timelogs, now }: Company, random: Random): string | undefined {
  const number = timelogs.pick(random, 'live');
  if (number === undefined) return undefined;
  timelogs.move(number, 'gone', now());
  return `time log ${number} deleted`;
}

function renameFolder(company: Company, random: Random): string | undefined {
  const folder = pickFolder(company, random, (one) => !one.isSpace);
  if (!folder) return undefined;
  folder.title = `${random.pick(PROJECTS)} ${random.integer(1, 999)}`;
  folder.updatedDate = company.now();
  return `folder ${folder.number} renamed`;
}

function createProject(company: Company, random: Random): string | undefined {
  const { folders, people, workflows, now } = company;
  const parent = pickFolder(company, random, (one) => !one.project);
  const { number } = folders.add(makeProject(parent, people, workflows, random, now()));
  return `project ${number} created`;
}

function moveFolder(company: Company, random: Random): string | undefined {
  const folder = pickFolder(company, random, (one) => Boolean(one.project));
  const parent = pickFolder(company, random, (one) => !one.project);
  if (!folder || !parent || company.folders.subtree(folder).includes(parent)) return undefined;
  company.folders.reparent(folder, parent);
  folder.updatedDate = company.now();
  return `project ${folder.number} moved`;
}

function convertFolder(company: Company, random: Random): string | undefined {
  const { people, workflows, now } = company;
  const folder = pickFolder(company, random, (one) => !one.isSpace && !one.project);
  if (!folder) return undefined;
  folder.project = makeProject(folder.parent, people, workflows, random, now()).project;
  folder.updatedDate = now();
  return `folder ${folder.number} converted to a project`;
}

function binFolder(company: Company, random: Random): string | undefined {
  const { folders, tasks, taskSeed, now } = company;
  const live = folders.in('live').filter(({ project }) => project);
  if (live.length <= PROJECTS_MIN) return undefined;
  const folder = random.pick(live);
  for (const one of folders.subtree(folder)) {
    for (const number of tasks.inFolder(one.number, taskSeed)) placeTask(company, number, 'bin');
    one.place = 'bin';
    one.updatedDate = now();
  }
  return `project ${folder.number} moved to the recycle bin with its tasks`;
}

/** Its tasks stay in the bin: they are restored one by one. */
function restoreFolder({ folders, now }: Company, random: Random): string | undefined {
  const binned = folders.in('bin').filter(({ parent }) => parent === undefined || parent.place === 'live');
  if (binned.length === 0) return undefined;
  const folder = random.pick(binned);
  folder.place = 'live';
  folder.updatedDate = now();
  return `folder ${folder.number} restored`;
}

function eraseFolder(company: Company, random: Random): string | undefined {
  const { folders } = company;
  const binned = folders.in('bin').filter((folder) => folders.children(folder, 'bin').length === 0);
  if (binned.length === 0) return undefined;
  const folder = random.pick(binned);
  folder.place = 'gone';
  return `folder ${folder.number} erased`;
}

function renamePerson({ contacts }: Company, random: Random): string | undefined {
  const contact = random.pick(contacts);
  contact.firstName = random.pick(FIRST_NAMES);
  return `contact ${contact.id} renamed`;
}

function hire({ contacts, people }: Company, random: Random): string | undefined {
  const hired = person(contacts.length, random);
  contacts.push(hired);
  people.push(hired.id);
  return `contact ${hired.id} added`;
}

function dismiss({ contacts, people }: Company, random: Random): string | undefined {
  if (people.length <= PEOPLE_MIN) return undefined;
  const [id] = people.splice(random.integer(1, people.length - 1), 1);
  const dismissed = contacts.find((contact) => contact.id === id);
  if (!dismissed) return undefined;
  remove(dismissed);
  for (const group of contacts) if (group.memberIds) group.memberIds = group.memberIds.filter((one) => one !== id);
  return `contact ${dismissed.id} removed`;
}

function renameStatus({ statuses }: Company, random: Random): string | undefined {
  const status = random.pick(statuses);
  status.name = `${status.group} ${random.integer(1, 999)}`;
  return `status ${status.id} renamed`;
}

function addStatus({ workflows, statuses }: Company, random: Random): string | undefined {
  const number = random.integer(0, workflows.length - 1);
  const workflow = workflows[number];
  if (!workflow || workflow.customStatuses.length >= STATUSES_MAX) return undefined;
  const status = customStatus(number, workflow.customStatuses.length, ['Waiting', 'Orange', 'Active']);
  workflow.customStatuses.push(status);
  statuses.push(status);
  return `status ${status.id} added`;
}

function renameSpace({ spaces, folders, now }: Company, random: Random): string | undefined {
  const number = random.integer(0, spaces.length - 1);
  const space = spaces[number];
  const folder = folders.all[number];
  if (!space || !folder) return undefined;
  space.title = `${random.pick(SPACES)} ${random.integer(1, 99)}`;
  folder.title = space.title;
  folder.updatedDate = now();
  return `space ${space.id} renamed`;
}

function pickFolder({ folders }: Company, random: Random, fits: (folder: Folder) => boolean): Folder | undefined {
  const found = folders.in('live').filter(fits);
  return found.length === 0 ? undefined : random.pick(found);
}

function newTask({ people, statuses, now }: Company, random: Random): Task {
  const active = statuses.filter(({ group }) => group === 'Active');
  return {
    title: newTitle(random),
    description: '',
    importance: 'Normal',
    customStatusId: random.pick(active).id,
    group: 'Active',
    completedDate: undefined,
    dates: makeDates(random, now()),
    folder: undefined,
    superTask: undefined,
    predecessor: undefined,
    authorId: random.pick(people),
    responsibleIds: [random.pick(people)],
    impact: undefined,
    budget: random.chance(0.3) ? '1250.50' : undefined,
    isBillable: true,
  };
}

const newTitle = (random: Random): string => `${random.pick(VERBS)} ${random.pick(OBJECTS)}`;
