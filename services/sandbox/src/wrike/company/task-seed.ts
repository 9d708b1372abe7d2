import { Random } from '../../random.ts';
import { addWorkdays, DAY, local, workday } from './calendar.ts';
import { type CustomValues, drawMoreValues } from './custom-fields.ts';
import { mix } from './row-store.ts';
import type { StatusGroup } from './settings.ts';
import { OBJECTS, VERBS } from './vocabulary.ts';

/** What is kept of a task. Times and place are in the store, and what other rows decide is found when the task is shown. */
export interface Task {
  title: string;
  description: string;
  importance: 'High' | 'Normal' | 'Low';
  customStatusId: string;
  group: StatusGroup;
  completedDate: number | undefined;
  dates: TaskDates;
  /** Number of the folder; a subtask has none. */
  folder: number | undefined;
  superTask: number | undefined;
  /** Number of the task that must be finished first. */
  predecessor: number | undefined;
  authorId: string;
  responsibleIds: string[];
  values: CustomValues;
  isBillable: boolean;
}

export type TaskDates =
  | { type: 'Backlog' }
  | { type: 'Milestone'; duration: number; due: string }
  | { type: 'Planned'; duration: number; start: string; due: string };

export interface TaskSeed {
  count: number;
  seed: number;
  /** Epoch seconds. */
  historyStart: number;
  historyEnd: number;
  /** Folders that hold tasks. */
  folders: readonly number[];
  people: readonly string[];
  statuses: readonly { id: string; group: StatusGroup }[];
}

export const TASKS_PER_FOLDER = 40;
/** Every fifth task is the subtask of the one before. */
export const FAMILY = 5;
const CREATED_TOGETHER = 8;
const IMPORTED_MAX = 1_500;
const MINUTES_PER_DAY = 480;
const HOUR = 3_600;

export interface TaskTimes {
  createdAt: (number: number) => number;
  updatedAt: (number: number) => number;
}

/** The company came to Wrike by an import, whose tasks share one second; later ones come a few at a time, from blueprints. */
export function taskTimes({ count, seed, historyStart, historyEnd }: TaskSeed): TaskTimes {
  const imported = Math.min(IMPORTED_MAX, Math.floor(count / 4));
  const start = historyStart + 2 * DAY;
  const createdAt = (number: number): number => {
    if (number < imported) return start;
    const together = number - (number % CREATED_TOGETHER);
    return start + DAY + Math.floor(((historyEnd - start - 2 * DAY) * together) / count);
  };
  const updatedAt = (number: number): number => {
    const created = createdAt(number);
    return created + new Random(mix(seed, number)).integer(0, Math.min(90 * DAY, historyEnd - created));
  };
  return { createdAt, updatedAt };
}

export function makeTask(seed: TaskSeed, number: number, times: TaskTimes): Task {
  const random = new Random(mix(seed.seed + 1, number));
  const status = random.pick(seed.statuses);
  const isSubTask = isSeededSubTask(number);
  const block = Math.floor(number / TASKS_PER_FOLDER);
  const created = times.createdAt(number);
  return {
    title: `${random.pick(VERBS)} ${random.pick(OBJECTS)}`,
    description: random.chance(0.6) ? `Agreed with ${random.pick(OBJECTS)} in mind, part ${random.integer(1, 9)}` : '',
    importance: random.pick(['High', 'Normal', 'Normal', 'Normal', 'Low'] as const),
    customStatusId: status.id,
    group: status.group,
    completedDate: status.group === 'Completed' ? times.updatedAt(number) : undefined,
    dates: makeDates(random, created),
    folder: isSubTask ? undefined : seed.folders[block % seed.folders.length],
    superTask: isSubTask ? number - 1 : undefined,
    predecessor: number % 10 === 2 ? number - 2 : undefined,
    authorId: random.pick(seed.people),
    responsibleIds: random.chance(0.85) ? [random.pick(seed.people)] : [],
    values: {
      ...(random.chance(0.5) && { impact: random.pick(['Low', 'Medium', 'High']) }),
      ...(random.chance(0.3) && { budget: `${random.integer(100, 99_999)}.${random.integer(10, 99)}` }),
      ...drawMoreValues(new Random(mix(seed.seed + 2, number)), seed.people, created),
    },
    isBillable: random.chance(0.7),
  };
}

export function makeDates(random: Random, from: number): TaskDates {
  const draw = random.next();
  if (draw < 0.2) return { type: 'Backlog' };
  const first = workday(from + random.integer(0, 20) * DAY);
  if (draw < 0.3) return { type: 'Milestone', duration: 0, due: local(first + 17 * HOUR) };
  const days = random.integer(1, 15);
  const due = addWorkdays(first, days) + 17 * HOUR;
  return { type: 'Planned', duration: days * MINUTES_PER_DAY, start: local(first + 9 * HOUR), due: local(due) };
}

export function isSeededSubTask(number: number): boolean {
  return number % FAMILY === FAMILY - 1;
}
