import { BATCH_BYTES_TARGET, BATCH_ROWS_MAX } from '@pipeline/contracts';

/** Most bytes of records that wait for their batch, over all streams of a task: bounds the memory of tap and loader. */
export const OPEN_BYTES_MAX = 8 * 1024 * 1024;

/** Longest time that a record waits for its batch, in milliseconds: a slow stream still shows within seconds. */
export const BATCH_AGE_MAX_MS = 5_000;

/** Compression of the first batch; afterwards it is measured. */
const FIRST_RATIO = 4;
const OPEN_BYTES_MIN = 256 * 1024;

/** The records of one stream that become one batch. */
export interface Cut {
  stream: string;
  /** RECORD messages, one a line. */
  lines: string[];
  /** STATE that rides at the end: it covers this batch and those before it, nothing later. */
  state: string | undefined;
}

/** Cuts the records of a task into batches by bytes, rows and age. All streams are cut together and the newest checkpoint rides on the last
 *  of them, so a STATE is never ahead of a record of any stream. Pure: time comes in as a number. */
export class BatchCutter {
  readonly #open: Map<string, string[]>;
  readonly #unseen: Set<string>;
  readonly #rowsMax: number;
  #bytes = 0;
  #bytesMax: number;
  #openedAt: number | undefined;
  #state: string | undefined;

  /** @param streams of the task, in the order in which they are cut */
  constructor(streams: string[], limits: { bytesMax?: number; rowsMax?: number } = {}) {
    this.#open = new Map(streams.map((stream) => [stream, []]));
    this.#unseen = new Set(streams);
    this.#bytesMax = limits.bytesMax ?? BATCH_BYTES_TARGET * FIRST_RATIO;
    this.#rowsMax = limits.rowsMax ?? BATCH_ROWS_MAX;
  }

  /** Takes a record. Gives the batches that it completes. */
  add(stream: string, line: string, bytes: number, now: number): Cut[] {
    const before = this.#bytes > 0 && this.#bytes + bytes > OPEN_BYTES_MAX ? this.cut() : [];
    this.#openedAt ??= now;
    this.#linesOf(stream).push(line);
    this.#bytes += bytes;
    const isFull = this.#bytes >= this.#bytesMax || this.#linesOf(stream).length >= this.#rowsMax;
    return isFull ? [...before, ...this.cut()] : before;
  }

  /** Everything taken so far is covered by this STATE. */
  checkpoint(state: string): void {
    this.#state = state;
  }

  /** Milliseconds until the oldest record has waited long enough. Undefined: nothing waits. */
  dueInMs(now: number): number | undefined {
    return this.#openedAt === undefined ? undefined : Math.max(0, this.#openedAt + BATCH_AGE_MAX_MS - now);
  }

  /** What is open becomes batches. A checkpoint without a record to ride on waits for the next one. */
  cut(): Cut[] {
    return this.#cutStreams(this.#filled);
  }

  /** The last batches. A stream that had no record gets an empty one, which brings its schema; so there is always a last batch
   *  for the last checkpoint. */
  finish(): Cut[] {
    const streams = [...this.#open.keys()];
    const last = streams.filter((stream) => this.#unseen.has(stream) || this.#linesOf(stream).length > 0);
    return this.#cutStreams(last.length > 0 ? last : streams.slice(0, 1));
  }

  /** Learns how well records compress, so that batches come out near their target. */
  observe(rawBytes: number, compressedBytes: number): void {
    const target = (BATCH_BYTES_TARGET * rawBytes) / Math.max(1, compressedBytes);
    this.#bytesMax = Math.min(OPEN_BYTES_MAX, Math.max(OPEN_BYTES_MIN, Math.round(target)));
  }

  get #filled(): string[] {
    return [...this.#open.keys()].filter((stream) => this.#linesOf(stream).length > 0);
  }

  #linesOf(stream: string): string[] {
    const lines = this.#open.get(stream);
    if (lines === undefined) throw new RangeError(`the task has no stream ${stream}`);
    return lines;
  }

  #cutStreams(streams: string[]): Cut[] {
    const cuts = streams.map((stream, index): Cut => {
      const lines = this.#linesOf(stream);
      this.#open.set(stream, []);
      this.#unseen.delete(stream);
      return { stream, lines, state: index === streams.length - 1 ? this.#state : undefined };
    });
    if (streams.length > 0) this.#state = undefined;
    this.#bytes = 0;
    this.#openedAt = undefined;
    return cuts;
  }
}
