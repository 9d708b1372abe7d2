import type { Random } from '../../random.ts';
import type { Company } from './company.ts';
import { changedValues } from './custom-fields.ts';
import { pickFolder } from './folder-changes.ts';
import { canBeRestored, placeTask } from './recycle-bin.ts';
import { makeDates, type Task } from './task-seed.ts';
import { workDone } from './timelogs.ts';
import { OBJECTS, VERBS } from './vocabulary.ts';

export function updateTask({ tasks, people, statuses, now }: Company, random: Random): string | undefined {
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
    { values: changedValues(tasks.row(number).values, random, people) },
    { dates: makeDates(random, now()) },
  ]);
  tasks.change(number, { ...tasks.row(number), ...patch }, now());
  return `task ${number} updated`;
}

export function createTask(company: Company, random: Random): string | undefined {
  const folder = pickFolder(company, random, (one) => Boolean(one.project));
  if (!folder) return undefined;
  const number = company.tasks.add({ ...newTask(company, random), folder: folder.number }, company.now());
  return `task ${number} created`;
}

export function createSubTask(company: Company, random: Random): string | undefined {
  const { tasks, now } = company;
  const parent = tasks.pick(random, 'live');
  if (parent === undefined || tasks.isSubTask(parent)) return undefined;
  const number = tasks.add({ ...newTask(company, random), superTask: parent }, now());
  tasks.touch(parent, now());
  return `subtask ${number} of task ${parent} created`;
}

export function binTask(company: Company, random: Random): string | undefined {
  const number = company.tasks.pick(random, 'live');
  if (number === undefined) return undefined;
  placeTask(company, number, 'bin');
  return `task ${number} moved to the recycle bin`;
}

export function restoreTask(company: Company, random: Random): string | undefined {
  const { tasks } = company;
  const number = tasks.pick(random, 'bin');
  if (number === undefined || !canBeRestored(company, number)) return undefined;
  placeTask(company, number, 'live');
  return `task ${number} restored`;
}

export function eraseTask(company: Company, random: Random): string | undefined {
  const number = company.tasks.pick(random, 'bin');
  if (number === undefined) return undefined;
  placeTask(company, number, 'gone');
  return `task ${number} erased`;
}

export function moveTask(company: Company, random: Random): string | undefined {
  const { tasks, now } = company;
  const number = tasks.pick(random, 'live');
  const folder = pickFolder(company, random, (one) => Boolean(one.project));
  if (number === undefined || !folder || tasks.isSubTask(number)) return undefined;
  tasks.change(number, { ...tasks.row(number), folder: folder.number }, now());
  for (const subTask of tasks.subTasks(number)) tasks.touch(subTask, now());
  return `task ${number} moved to another project`;
}

export function logTime({ tasks, timelogs, people, now }: Company, random: Random): string | undefined {
  const task = tasks.pick(random, 'live');
  if (task === undefined) return undefined;
  const number = timelogs.add({ task, ...workDone(random, people, now()) }, now());
  return `time log ${number} created`;
}

export function updateTimelog({ timelogs, now }: Company, random: Random): string | undefined {
  const number = timelogs.pick(random, 'live');
  if (number === undefined) return undefined;
  timelogs.change(number, { ...timelogs.row(number), quarters: random.integer(1, 40) }, now());
  return `time log ${number} updated`;
}

export function deleteTimelog({ timelogs, now }: Company, random: Random): string | undefined {
  const number = timelogs.pick(random, 'live');
  if (number === undefined) return undefined;
  timelogs.move(number, 'gone', now());
  return `time log ${number} deleted`;
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
    values: random.chance(0.3) ? { budget: '1250.50' } : {},
    isBillable: true,
  };
}

export function linkTask({ tasks, now }: Company, random: Random): string | undefined {
  const number = tasks.pick(random, 'live');
  const predecessor = tasks.pick(random, 'live');
  if (number === undefined || predecessor === undefined || number === predecessor) return undefined;
  const isWaiting = tasks.row(number).predecessor !== undefined;
  tasks.link(number, isWaiting ? undefined : predecessor, now());
  return isWaiting ? `task ${number} waits for nothing` : `task ${number} waits for task ${predecessor}`;
}

const newTitle = (random: Random): string => `${random.pick(VERBS)} ${random.pick(OBJECTS)}`;
