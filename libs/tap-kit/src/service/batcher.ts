import { BATCH_BYTES_TARGET, BATCH_ROWS_MAX } from '@pipeline/protocol';

/** Most bytes of records that wait for their batch, over all streams of a task: bounds the memory of tap and loader. */
export const OPEN_BYTES_MAX = 8 * 1024 * 1024;

/** Longest time that a record waits for its batch, in milliseconds: a slow stream still shows within seconds. */
export const BATCH_AGE_MAX_MS = 5_000;

/** Compression of the first batch; afterwards it is measured. */
const FIRST_RATIO = 4;
const OPEN_BYTES_MIN = 256 * 1024;

/** The records of one stream that become one batch. */
export interface BatchDraft {
  stream: string;
  /** RECORD messages, one a line. */
  lines: string[];
  /** STATE that rides at the end: it covers this batch and those before it, nothing later. */
  state: string | undefined;
}

/** Cuts the records of a task into batches by bytes, rows and age. All streams are draft together, so a STATE is never ahead of a record of any
 *  stream. Nor is it ever behind one: the newest checkpoint rides on the last of the records that it covers, and what came after it goes into later
 *  batches. Where a table has no key, the next attempt removes the batches after the checkpoint and reads them again; a record that
 *  rode with it uncovered would stay, and be there twice. Pure: time comes in as a number. */
export class Batcher {
  readonly #open: Map<string, string[]>;
  /** How many of the open records the checkpoint covers. */
  readonly #covered = new Map<string, number>();
  readonly #unseen: Set<string>;
  readonly #rowsMax: number;
  #bytes = 0;
  #coveredBytes = 0;
  #bytesMax: number;
  #openedAt: number | undefined;
  /** When the first record after the checkpoint came. */
  #uncoveredAt: number | undefined;
  #state: string | undefined;

  /** @param streams of the task, in the order in which they are draft */
  constructor(streams: string[], limits: { bytesMax?: number; rowsMax?: number } = {}) {
    this.#open = new Map(streams.map((stream) => [stream, []]));
    this.#unseen = new Set(streams);
    this.#bytesMax = limits.bytesMax ?? BATCH_BYTES_TARGET * FIRST_RATIO;
    this.#rowsMax = limits.rowsMax ?? BATCH_ROWS_MAX;
  }

  /** Takes a record. Returns the batches that it completes: what the checkpoint covers, and the rest only if that fills a batch as well. */
  add(stream: string, line: string, bytes: number, now: number): BatchDraft[] {
    const drafts = this.#bytes > 0 && this.#bytes + bytes > OPEN_BYTES_MAX ? this.take() : [];
    this.#openedAt ??= now;
    this.#uncoveredAt ??= now;
    this.#linesOf(stream).push(line);
    this.#bytes += bytes;
    if (this.#isFull(stream)) drafts.push(...this.#takeCovered());
    if (this.#isFull(stream)) drafts.push(...this.take());
    return drafts;
  }

  /** Everything taken so far is covered by this STATE. */
  checkpoint(state: string): void {
    this.#state = state;
    for (const [stream, lines] of this.#open) this.#covered.set(stream, lines.length);
    this.#coveredBytes = this.#bytes;
    this.#uncoveredAt = undefined;
  }

  /** Milliseconds until the oldest record has waited long enough. Undefined: nothing waits. */
  dueInMs(now: number): number | undefined {
    return this.#openedAt === undefined ? undefined : Math.max(0, this.#openedAt + BATCH_AGE_MAX_MS - now);
  }

  /** What is open becomes batches. A checkpoint without a record to ride on waits for the next one, or for a record that it does not cover: then it
   *  has a batch of its own, before that record's. */
  take(): BatchDraft[] {
    return [...this.#takeCheckpoint(), ...this.#takeStreams(this.#filled)];
  }

  /** The last batches. A stream that had no record gets an empty one, which brings its schema; so there is always a last batch
   *  for the last checkpoint. */
  finish(): BatchDraft[] {
    const checkpoint = this.#takeCheckpoint();
    const streams = [...this.#open.keys()];
    const last = streams.filter((stream) => this.#unseen.has(stream) || this.#linesOf(stream).length > 0);
    return [...checkpoint, ...this.#takeStreams(last.length > 0 ? last : streams.slice(0, 1))];
  }

  /** Learns how well records compress, so that batches come out near their target. */
  observe(rawBytes: number, compressedBytes: number): void {
    const target = (BATCH_BYTES_TARGET * rawBytes) / Math.max(1, compressedBytes);
    this.#bytesMax = Math.min(OPEN_BYTES_MAX, Math.max(OPEN_BYTES_MIN, Math.round(target)));
  }

  get #filled(): string[] {
    return [...this.#open.keys()].filter((stream) => this.#linesOf(stream).length > 0);
  }

  #isFull(stream: string): boolean {
    return this.#bytes >= this.#bytesMax || this.#linesOf(stream).length >= this.#rowsMax;
  }

  #linesOf(stream: string): string[] {
    const lines = this.#open.get(stream);
    if (lines === undefined) throw new RangeError(`the task has no stream ${stream}`);
    return lines;
  }

  /** The checkpoint leaves before the records that it does not cover. */
  #takeCheckpoint(): BatchDraft[] {
    if (this.#state === undefined || this.#uncoveredAt === undefined) return [];
    const covered = this.#takeCovered();
    if (covered.length > 0) return covered;
    const [stream = ''] = this.#open.keys();
    const empty = { stream, lines: [], state: this.#state };
    this.#unseen.delete(stream);
    this.#state = undefined;
    return [empty];
  }

  /** The records that the checkpoint covers; the others stay open. */
  #takeCovered(): BatchDraft[] {
    const state = this.#state;
    const streams = [...this.#covered].filter(([, count]) => count > 0);
    if (state === undefined || streams.length === 0) return [];
    const drafts = streams.map(([stream, count], index): BatchDraft => {
      const lines = this.#linesOf(stream);
      this.#open.set(stream, lines.slice(count));
      this.#unseen.delete(stream);
      return { stream, lines: lines.slice(0, count), state: index === streams.length - 1 ? state : undefined };
    });
    this.#bytes -= this.#coveredBytes;
    this.#openedAt = this.#uncoveredAt;
    this.#forgetCheckpoint();
    return drafts;
  }

  #takeStreams(streams: string[]): BatchDraft[] {
    const drafts = streams.map((stream, index): BatchDraft => {
      const lines = this.#linesOf(stream);
      this.#open.set(stream, []);
      this.#unseen.delete(stream);
      return { stream, lines, state: index === streams.length - 1 ? this.#state : undefined };
    });
    if (streams.length > 0) this.#forgetCheckpoint();
    this.#bytes = 0;
    this.#openedAt = undefined;
    this.#uncoveredAt = undefined;
    return drafts;
  }

  #forgetCheckpoint(): void {
    this.#state = undefined;
    this.#covered.clear();
    this.#coveredBytes = 0;
  }
}
