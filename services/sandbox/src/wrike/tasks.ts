import { Random } from '../random.ts';
import { addWorkdays, DAY, instant, local, workday } from './calendar.ts';
import { type CustomValues, customFieldValues, drawMoreValues } from './custom-fields.ts';
import { ACCOUNT_ID, base32, dependencyId, folderId, taskId, taskPermalink } from './ids.ts';
import { RowStore } from './row-store.ts';
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

const TASKS_PER_FOLDER = 40;
/** Every fifth task is the subtask of the one before. */
const FAMILY = 5;
const CREATED_TOGETHER = 8;
const IMPORTED_MAX = 1_500;
const MINUTES_PER_DAY = 480;
const HOUR = 3_600;

/** The tasks of the company and how they hang together. */
export class Tasks extends RowStore<Task> {
  readonly #seeded: number;
  readonly #addedSubTasks = new Map<number, number[]>();
  readonly #addedSuccessors = new Map<number, number[]>();

  constructor(seed: TaskSeed) {
    const times = taskTimes(seed);
    super({
      count: seed.count,
      createdAt: times.createdAt,
      updatedAt: times.updatedAt,
      // Subtasks go to the bin with their parent; a seeded one never has a parent in it.
      placeOf: (number) => (number % 97 === 0 && number % FAMILY < FAMILY - 2 ? 'bin' : 'live'),
      make: (number) => makeTask(seed, number, times),
    });
    this.#seeded = seed.count;
  }

  override add(task: Task, at: number): number {
    const number = super.add(task, at);
    if (task.superTask !== undefined) {
      this.#addedSubTasks.set(task.superTask, [...(this.#addedSubTasks.get(task.superTask) ?? []), number]);
    }
    return number;
  }

  isSubTask(number: number): boolean {
    return number < this.#seeded ? isSeededSubTask(number) : this.row(number).superTask !== undefined;
  }

  /** Number of the folder of the task, or of the task above it. */
  homeFolder(number: number): number | undefined {
    const { folder, superTask } = this.row(number);
    return folder ?? (superTask === undefined ? undefined : this.homeFolder(superTask));
  }

  /** Subtasks in the same place as their parent. */
  subTasks(number: number): number[] {
    const seeded = number + 1 < this.#seeded && isSeededSubTask(number + 1) ? [number + 1] : [];
    return [...seeded, ...(this.#addedSubTasks.get(number) ?? [])].filter(
      (subTask) => this.place(subTask) === this.place(number),
    );
  }

  /** Tasks whose shown row changes when this one comes or goes. */
  neighbours(number: number): number[] {
    const { superTask, predecessor } = this.row(number);
    return [superTask, predecessor, ...this.successors(number)].filter((other) => other !== undefined);
  }

  successors(number: number): number[] {
    const seeded = number + 2 < this.#seeded ? [number + 2] : [];
    return [...new Set([...seeded, ...(this.#addedSuccessors.get(number) ?? [])])].filter(
      (successor) => this.row(successor).predecessor === number,
    );
  }

  /** Makes one task wait for another, or for none. Both show it. */
  link(number: number, predecessor: number | undefined, at: number): void {
    const task = this.row(number);
    this.change(number, { ...task, predecessor }, at);
    if (task.predecessor !== undefined && this.place(task.predecessor) !== 'gone') this.touch(task.predecessor, at);
    if (predecessor === undefined) return;
    this.#addedSuccessors.set(predecessor, [...(this.#addedSuccessors.get(predecessor) ?? []), number]);
    this.touch(predecessor, at);
  }

  /** Dependencies between live tasks, as pairs of predecessor and successor. */
  *dependencies(): Generator<readonly [predecessor: number, successor: number]> {
    for (const successor of this.find({ place: 'live' })) {
      const { predecessor } = this.row(successor);
      if (predecessor !== undefined && this.place(predecessor) === 'live') yield [predecessor, successor];
    }
  }

  /** Live tasks that hang in the folder itself. */
  inFolder(folder: number, seed: Pick<TaskSeed, 'folders' | 'count'>): number[] {
    const found = new Set<number>();
    const index = seed.folders.indexOf(folder);
    const stride = seed.folders.length * TASKS_PER_FOLDER;
    if (index >= 0) {
      for (let block = index * TASKS_PER_FOLDER; block < seed.count; block += stride) {
        for (let number = block; number < Math.min(block + TASKS_PER_FOLDER, seed.count); number += 1)
          found.add(number);
      }
    }
    for (const number of this.changed()) found.add(number);
    return [...found].filter((number) => this.place(number) === 'live' && this.row(number).folder === folder);
  }
}

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

interface TaskTimes {
  createdAt: (number: number) => number;
  updatedAt: (number: number) => number;
}

/** The company came to Wrike by an import, whose tasks share one second; later ones come a few at a time, from blueprints. */
function taskTimes({ count, seed, historyStart, historyEnd }: TaskSeed): TaskTimes {
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

function makeTask(seed: TaskSeed, number: number, times: TaskTimes): Task {
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

function isSeededSubTask(number: number): boolean {
  return number % FAMILY === FAMILY - 1;
}

/** A seed for the row, well apart from its neighbours'. */
export function mix(seed: number, number: number): number {
  return Math.imul(seed ^ Math.imul(number + 1, 0x9e3779b1), 0x85ebca6b) >>> 0;
}
