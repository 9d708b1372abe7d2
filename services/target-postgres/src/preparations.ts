import type { PipelineError } from '@pipeline/contracts';
import { within } from '@pipeline/resilience';
import { stopsOneStream } from './stream-failure.ts';

/** A database that is away must not keep a target that was asked to stop. */
const SETTLE_MS = 5_000;

/** Makes the tables of several streams at the same time, while the input is read on. A batch waits for its own table by itself. */
export class Preparations<Stream> {
  readonly #limit: number;
  readonly #failed: (stream: Stream, error: PipelineError) => void;
  readonly #running = new Set<Promise<void>>();
  #failure: unknown;

  /** @param failed called for an error that is about the stream alone. */
  constructor(limit: number, failed: (stream: Stream, error: PipelineError) => void) {
    this.#limit = limit;
    this.#failed = failed;
  }

  /** Starts one; waits while there are too many. */
  async add(stream: Stream, prepare: () => Promise<unknown>): Promise<void> {
    while (this.#running.size >= this.#limit) await Promise.race(this.#running);
    this.#throwFailure();
    const running = prepare()
      .then(() => undefined)
      .catch((error: unknown) => {
        if (stopsOneStream(error)) this.#failed(stream, error);
        else this.#failure ??= error;
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** @throws what kept a table from being made, if it is not about its stream alone. */
  async done(): Promise<void> {
    await Promise.all(this.#running);
    this.#throwFailure();
  }

  /** Waits for those under way, whatever becomes of them, but no longer than {@link SETTLE_MS}. */
  async settled(): Promise<void> {
    await within(Promise.all(this.#running), SETTLE_MS, undefined);
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
