import type { TargetIo } from '../target-io.ts';

const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 };
/** As a program ends that SIGPIPE kills: whoever read the STATEs is gone. */
const OUTPUT_CLOSED = 141;

/** What ends a run before its input does: a signal, or an output that nobody reads. Reading stops at once, and so does waiting for PostgreSQL. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #input: TargetIo['input'];
  #exitCode: number | undefined;

  constructor(io: Pick<TargetIo, 'input' | 'onOutputClosed'>) {
    this.#input = io.input;
    process.on('SIGTERM', this.#onSignal).on('SIGINT', this.#onSignal);
    io.onOutputClosed(() => this.#interrupt(OUTPUT_CLOSED));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Undefined while nothing has happened. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  close(): void {
    process.off('SIGTERM', this.#onSignal).off('SIGINT', this.#onSignal);
  }

  readonly #onSignal = (signal: keyof typeof SIGNAL_EXIT_CODES) => this.#interrupt(SIGNAL_EXIT_CODES[signal]);

  #interrupt(exitCode: number): void {
    this.#exitCode ??= exitCode;
    this.#controller.abort();
    this.#input.destroy();
  }
}
