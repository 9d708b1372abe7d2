import { errorMessage, PipelineError } from '@pipeline/protocol';
import type { StderrLogger } from './stderr-logger.ts';

/** Nothing failed, but something was not read to its end or was set aside. */
const EXIT_INCOMPLETE = 3;
const EXIT_FAILED = 1;

/** What did not go well in a run, by stream. */
export class SyncSummary {
  readonly #failed = new Map<string, string>();
  readonly #incomplete = new Map<string, string>();
  readonly #rejected = new Map<string, number>();

  failed(stream: string, error: unknown): void {
    this.#failed.set(stream, textOf(error));
  }

  incomplete(stream: string, error: PipelineError): void {
    this.#incomplete.set(stream, textOf(error));
  }

  rejected(stream: string): void {
    this.#rejected.set(stream, (this.#rejected.get(stream) ?? 0) + 1);
  }

  hasRejected(stream: string): boolean {
    return this.#rejected.has(stream);
  }

  /** 0 when everything was read to its end, 1 when a stream failed, 3 when one is incomplete or has rejected records. */
  get exitCode(): number {
    if (this.#failed.size > 0) return EXIT_FAILED;
    return this.#incomplete.size > 0 || this.#rejected.size > 0 ? EXIT_INCOMPLETE : 0;
  }

  /** One line for each stream that is not whole. */
  write(logger: Pick<StderrLogger, 'critical' | 'warn'>): void {
    for (const [stream, reason] of this.#failed) logger.critical(`${stream} failed: ${reason}`);
    for (const [stream, reason] of this.#incomplete) logger.warn({ stream }, `${stream} is incomplete: ${reason}`);
    for (const [stream, count] of this.#rejected) {
      logger.warn({ stream, count }, `${stream}: ${count} records were rejected, see above`);
    }
  }
}

function textOf(error: unknown): string {
  return error instanceof PipelineError ? `${error.code}: ${error.message}` : errorMessage(error);
}
