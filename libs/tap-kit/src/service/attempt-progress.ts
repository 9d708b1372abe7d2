import { type AttemptWait, saveProgress, saveWaits, WAIT_KEPT_MS, WAITS_KEPT_MAX } from '@pipeline/control';
import { expectedFailure, type Pool } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import { type Loop, startLoop, within } from '@pipeline/resilience';
import type { Defects } from '@pipeline/service';
import type { RequestWatch } from '../connection/source.ts';
import type { LimitWait, ResponseMetric } from '../http/http-try.ts';

/** The page shows what happens within a second. */
const SAVE_MS = 1_000;
/** Longest wait for the last write: the task is not held up by a database that is away. */
const LAST_SAVE_MS = 2_000;

/** Keeps how far an attempt is, for people who watch it: rows, requests, what it waits for. What cannot be written is lost: nothing depends on it. */
export class AttemptProgress implements RequestWatch {
  readonly #deps: { pool: Pool; epoch: number; logger: Logger };
  readonly #loop: Loop;
  #waits: AttemptWait[] = [];
  #keptWaits = 0;
  #requests = 0;
  #requestsFailed = 0;
  #waitedMs = 0;
  #wait: AttemptWait | undefined;
  readonly #received = new Map<string, number>();
  /** Rows read so far. */
  rows: () => number = () => 0;
  #saved = '';

  constructor(deps: { pool: Pool; epoch: number; logger: Logger; defects: Defects }) {
    this.#deps = deps;
    this.#loop = startLoop({
      everyMs: SAVE_MS,
      step: () => this.#save(),
      errors: {
        logger: deps.logger,
        waiting: 'the progress cannot be written',
        expected: expectedFailure,
        onDefect: deps.defects('progress'),
      },
    });
  }

  /** Bytes received so far, as they came over the network. */
  get bytes(): number {
    return [...this.#received.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  readonly onResponse = ({
    status,
    bytes,
    account = '',
  }: Pick<ResponseMetric, 'status' | 'bytes' | 'account'>): void => {
    this.#received.set(account, (this.#received.get(account) ?? 0) + bytes);
    this.#requests += 1;
    if (status >= 400) this.#requestsFailed += 1;
  };

  readonly onWait = ({ limit, ms }: LimitWait): void => {
    const wait = { limit, from: new Date(), until: new Date(Date.now() + ms) };
    this.#wait = wait;
    this.#waitedMs += ms;
    if (ms < WAIT_KEPT_MS || this.#keptWaits >= WAITS_KEPT_MAX) return;
    this.#keptWaits += 1;
    this.#waits.push(wait);
  };

  /** What came of it so far, for its span. */
  figures(): Record<string, number> {
    return {
      'pipeline.rows_read': this.rows(),
      'http.requests': this.#requests,
      'http.requests_failed': this.#requestsFailed,
      'http.received_bytes': this.bytes,
      'http.waited_ms': this.#waitedMs,
    };
  }

  /** Writes the last of it. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    const last = this.#save().catch((err: unknown) => {
      this.#deps.logger.warn({ err }, 'the last progress is not written');
    });
    await within(last, LAST_SAVE_MS, undefined);
  }

  async #save(): Promise<void> {
    const { pool, epoch } = this.#deps;
    const wait = this.#wait !== undefined && this.#wait.until.getTime() > Date.now() ? this.#wait : undefined;
    const progress = {
      ...{
        rowsRead: this.rows(),
        requests: this.#requests,
        requestsFailed: this.#requestsFailed,
        receivedBytes: this.#received,
      },
      ...{ waitingFor: wait?.limit ?? null, waitingUntil: wait?.until ?? null, windowFrom: null, windowTo: null },
    };
    const seen = JSON.stringify({ ...progress, receivedBytes: [...this.#received] });
    if (seen === this.#saved) return;
    await saveProgress(pool, epoch, progress);
    this.#saved = seen;
    await saveWaits(pool, epoch, this.#waits.splice(0));
  }
}
