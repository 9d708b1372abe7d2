import { Random } from '../../random.ts';
import { DAY, day, instant } from './calendar.ts';
import { classicId, taskId } from './ids.ts';
import { mix, RowStore } from './row-store.ts';
import { COMMENTS } from './vocabulary.ts';

export interface Timelog {
  /** Number of the task. */
  task: number;
  userId: string;
  category: number;
  /** Quarter hours. */
  quarters: number;
  trackedDate: string;
  comment: string;
  isBillable: boolean;
}

export interface TimelogSeed {
  count: number;
  tasks: number;
  seed: number;
  historyStart: number;
  historyEnd: number;
  people: readonly string[];
}

/** Every sixth task has three. */
const LOGS_PER_TASK = 3;
const IMPORTED_MAX = 1_500;

export class Timelogs extends RowStore<Timelog> {
  readonly #seeded: number;

  constructor(seed: TimelogSeed) {
    const imported = Math.min(IMPORTED_MAX, Math.floor(seed.count / 4));
    const start = seed.historyStart + 3 * DAY;
    const span = seed.historyEnd - start - 2 * DAY;
    const createdAt = (number: number): number =>
      number < imported ? start : start + DAY + Math.floor((span * number) / seed.count);
    super({
      count: seed.count,
      createdAt,
      updatedAt: (number) => createdAt(number) + (number % 11 === 0 ? 3_600 : 0),
      placeOf: () => 'live',
      make: (number) => makeTimelog(seed, number, createdAt(number)),
    });
    this.#seeded = seed.count;
  }

  /** Live time logs of a task. */
  ofTask(task: number): number[] {
    const first = (task / 6) * LOGS_PER_TASK;
    const found = new Set(this.changed());
    for (let number = first; task % 6 === 0 && number < Math.min(first + LOGS_PER_TASK, this.#seeded); number += 1) {
      found.add(number);
    }
    return [...found].filter((number) => this.place(number) === 'live' && this.row(number).task === task);
  }
}

export const categoryId = (number: number): string => classicId('MY', number);

/** The Timelog model; billing type and statuses must be asked for. */
export function timelogModel(timelogs: Timelogs, number: number): Record<string, unknown> {
  const timelog = timelogs.row(number);
  return {
    id: classicId('JQ', number),
    taskId: taskId(timelog.task),
    userId: timelog.userId,
    categoryId: categoryId(timelog.category),
    billingType: timelog.isBillable ? 'Billable' : 'NonBillable',
    approvalStatus: number % 5 === 0 ? 'Approved' : 'Pending',
    lockStatus: timelog.trackedDate < '2024-01-01' ? 'Locked' : 'Unlocked',
    exportStatus: 'NotExported',
    hours: timelog.quarters / 4,
    createdDate: instant(timelogs.created(number)),
    updatedDate: instant(timelogs.updated(number)),
    trackedDate: timelog.trackedDate,
    comment: timelog.comment,
  };
}

function makeTimelog(seed: TimelogSeed, number: number, created: number): Timelog {
  const random = new Random(mix(seed.seed, number));
  const task = Math.min(Math.floor(number / LOGS_PER_TASK) * 6, seed.tasks - 1);
  return { task, ...workDone(random, seed.people, created) };
}

/** A time log of some hours at the time, without its task. */
export function workDone(random: Random, people: readonly string[], at: number): Omit<Timelog, 'task'> {
  return {
    userId: random.pick(people),
    category: random.integer(0, 3),
    quarters: random.integer(1, 32),
    trackedDate: day(at - random.integer(0, 3) * DAY),
    comment: random.pick(COMMENTS),
    isBillable: random.chance(0.7),
  };
}
