import type { Random } from '../../random.ts';

/** What hangs on a task and carries its own times: comments, attachments, approvals. Epoch seconds. */
export interface Dated {
  number: number;
  /** Number of the task. */
  task: number;
  created: number;
  updated: number;
}

/** Records in the order of their creation, kept whole. One that is deleted leaves no trace. */
export class DatedRecords<Fields extends object> {
  readonly #rows = new Map<number, Dated & Fields>();
  #next = 0;

  *[Symbol.iterator](): Generator<Dated & Fields> {
    yield* this.#rows.values();
  }

  get size(): number {
    return this.#rows.size;
  }

  find(number: number | undefined): (Dated & Fields) | undefined {
    return number === undefined ? undefined : this.#rows.get(number);
  }

  add(task: number, fields: Fields, at: number): number {
    const number = this.#next++;
    this.#rows.set(number, { ...fields, number, task, created: at, updated: at });
    return number;
  }

  change(number: number, patch: Partial<Fields>, at: number): void {
    const row = this.#rows.get(number);
    if (row) this.#rows.set(number, { ...row, ...patch, updated: at });
  }

  remove(number: number): void {
    this.#rows.delete(number);
  }

  /** Erasing a task takes what hangs on it along. */
  removeOfTask(task: number): void {
    for (const row of this) if (row.task === task) this.#rows.delete(row.number);
  }

  pick(random: Random): (Dated & Fields) | undefined {
    if (this.size === 0) return undefined;
    const TRIES = 20;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const row = this.#rows.get(random.integer(0, this.#next - 1));
      if (row) return row;
    }
    return undefined;
  }
}
