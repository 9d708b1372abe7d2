/** A clock that moves to the next sleeper when nobody has anything left to do: minutes of waiting pass at once, in their order. */
export class VirtualClock {
  #now = Date.UTC(2026, 5, 15, 12);
  #sleepers: { at: number; wake: () => void }[] = [];

  readonly now = (): number => this.#now;

  readonly sleep = (ms: number): Promise<void> => {
    return new Promise((wake) => this.#sleepers.push({ at: this.#now + ms, wake }));
  };

  /** Runs the work to its end. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    for (;;) {
      await idle();
      if (isOver) return work;
      const next = this.#sleepers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) throw new Error('the work waits for something that is not the clock');
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
  }
}

const TURNS = 3;

async function idle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
