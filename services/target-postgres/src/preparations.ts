import type { PipelineError } from '@pipeline/protocol';
import { within } from '@pipeline/resilience';
import { stopsOneStream } from './stream-failure.ts';

/** A database that is away must not keep a target that was asked to stop. */
const CLOSE_WAIT_MS = 5_000;

/** Makes the tables of several streams at the same time, while the input is read on. A batch waits for its own table by itself. Streams whose tables could
 *  get the same name go one after another: the first keeps the name, in every run. */
export class Preparations<Stream extends { name: string }> {
  readonly #limit: number;
  readonly #failed: (stream: Stream, error: PipelineError) => void;
  /** By {@link likeness} of their streams. */
  readonly #running = new Map<string, Promise<void>>();
  #failure: unknown;

  /** @param failed called for an error that is about the stream alone. */
  constructor(limit: number, failed: (stream: Stream, error: PipelineError) => void) {
    this.#limit = limit;
    this.#failed = failed;
  }

  /** Starts one; waits while there are too many. */
  async add(stream: Stream, prepare: () => Promise<unknown>): Promise<void> {
    const key = likeness(stream.name);
    while (this.#running.has(key)) await this.#running.get(key);
    while (this.#running.size >= this.#limit) await Promise.race(this.#running.values());
    this.#throwFailure();
    const running = prepare()
      .then(() => undefined)
      .catch((error: unknown) => {
        if (stopsOneStream(error)) this.#failed(stream, error);
        else this.#failure ??= error;
      })
      .finally(() => this.#running.delete(key));
    this.#running.set(key, running);
  }

  /** @throws what kept a table from being made, if it is not about its stream alone. */
  async done(): Promise<void> {
    await Promise.all(this.#running.values());
    this.#throwFailure();
  }

  /** Waits for those under way, whatever becomes of them, but no longer than {@link CLOSE_WAIT_MS}. */
  async finished(): Promise<void> {
    await within(Promise.all(this.#running.values()), CLOSE_WAIT_MS, undefined);
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** The same for names that no strategy of naming keeps apart. */
function likeness(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
