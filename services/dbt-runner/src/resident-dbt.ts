import type { Logger } from '@pipeline/protocol';
import { DbtProcess, type DbtProcessOptions } from './dbt-process.ts';

/** dbt leaks a few semaphores per call; a process is replaced before that matters. */
const CALLS_PER_PROCESS = 500;

/** Keeps one dbt process, and starts another when it has died. */
export class ResidentDbt {
  readonly #options: DbtProcessOptions & { logger: Logger };
  #process: DbtProcess | undefined;

  constructor(options: DbtProcessOptions & { logger: Logger }) {
    this.#options = options;
  }

  /** The process, ready for a call. @throws PipelineError `DBT_NOT_STARTED` */
  async start(): Promise<DbtProcess> {
    if (this.#process !== undefined && this.#process.callsMade >= CALLS_PER_PROCESS) await this.#process.stop();
    if (this.#process?.isRunning === true) return this.#process;
    const startedAt = performance.now();
    this.#process = new DbtProcess(this.#options);
    await this.#process.ready();
    this.#options.logger.info({ durationMs: Math.round(performance.now() - startedAt) }, 'dbt is loaded');
    return this.#process;
  }

  notReadyBecause(): string | null {
    return this.#process?.isRunning === true ? null : 'the dbt process is not running';
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }
}
