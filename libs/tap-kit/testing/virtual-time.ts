import { setImmediate } from 'node:timers/promises';
import type { Timing } from '../src/http/timing.ts';

interface Sleeper {
  until: number;
  wake: () => void;
}

/** Time that passes only while everybody sleeps: hours of waiting for limits take as long as the work in between. */
export class VirtualTime implements Timing {
  #now: number;
  #busy = 0;
  readonly #sleepers: Sleeper[] = [];

  /** @param start epoch milliseconds */
  constructor(start: number) {
    this.#now = start;
  }

  readonly now = (): number => this.#now;
  readonly random = (): number => 0.5;
  readonly sleep = (ms: number): Promise<void> =>
    new Promise((wake) => void this.#sleepers.push({ until: this.#now + Math.max(0, ms), wake }));

  /** Work that takes no virtual time, though it takes real time. */
  async busy<Result>(work: Promise<Result>): Promise<Result> {
    this.#busy += 1;
    return await work.finally(() => {
      this.#busy -= 1;
    });
  }

  /** Lets time pass until this is done. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const end = work.finally(() => {
      isDone = true;
    });
    end.catch(() => undefined);
    while (!isDone) {
      await setImmediate();
      if (this.#busy === 0) this.#wakeNext();
    }
    return end;
  }

  #wakeNext(): void {
    if (this.#sleepers.length === 0) return;
    const next = this.#sleepers.reduce((first, one) => (one.until < first.until ? one : first));
    this.#sleepers.splice(this.#sleepers.indexOf(next), 1);
    this.#now = Math.max(this.#now, next.until);
    next.wake();
  }
}
