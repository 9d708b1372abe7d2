import { Numbers } from './numbers.ts';

const BLOCK = 1_024;

/** When each object was last changed, by position, and the newest time of each block of positions: a search for recent changes
 *  skips the blocks without any. */
export class ChangeTimes {
  readonly #times: Numbers;
  readonly #newest: Numbers;

  constructor(capacity: number) {
    this.#times = new Numbers(capacity);
    this.#newest = new Numbers(Math.ceil(capacity / BLOCK));
  }

  at(position: number): number {
    return this.#times.at(position);
  }

  push(time: number): void {
    const block = Math.floor(this.#times.length / BLOCK);
    this.#times.push(time);
    if (block === this.#newest.length) this.#newest.push(time);
    else this.#raise(block, time);
  }

  set(position: number, time: number): void {
    this.#times.set(position, time);
    this.#raise(Math.floor(position / BLOCK), time);
  }

  /** Positions from this one on whose time is at least `since`, ascending. */
  *since(since: number, from: number): Generator<number> {
    for (let position = from; position < this.#times.length; position += 1) {
      if (this.#newest.at(Math.floor(position / BLOCK)) < since) {
        position = (Math.floor(position / BLOCK) + 1) * BLOCK - 1;
      } else if (this.#times.at(position) >= since) yield position;
    }
  }

  /** How many of the positions from this one on have a time in [since, until]. */
  count(since: number, until: number, from: number): number {
    let count = 0;
    for (let position = from; position < this.#times.length; position += 1) {
      const time = this.#times.at(position);
      if (time >= since && time <= until) count += 1;
    }
    return count;
  }

  #raise(block: number, time: number): void {
    if (this.#newest.at(block) < time) this.#newest.set(block, time);
  }
}
