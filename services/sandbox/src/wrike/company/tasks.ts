import { RowStore } from './row-store.ts';
import {
  FAMILY,
  isSeededSubTask,
  makeTask,
  TASKS_PER_FOLDER,
  type Task,
  type TaskSeed,
  taskTimes,
} from './task-seed.ts';

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
