import { unlessAborted } from '@pipeline/resilience';

/** A bounded number of places; who finds none waits in line. */
export class Slots {
  #free: number;
  #line: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Takes a place, waiting for one if need be. @throws the signal's reason when it is aborted first. */
  async take(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#line.push(resolve);
    try {
      await unlessAborted(promise, signal);
    } catch (error) {
      const index = this.#line.indexOf(resolve);
      // Not in line any more: the place was handed over in the same moment, and nobody will use it.
      if (index === -1) this.release();
      else this.#line.splice(index, 1);
      throw error;
    }
  }

  /** Hands the place to the first in line. */
  release(): void {
    const next = this.#line.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
