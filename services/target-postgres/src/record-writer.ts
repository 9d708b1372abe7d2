import { isMostlyRejected, PipelineError, type RejectionLimits, rejectedAllowed } from '@pipeline/protocol';
import type { SchemaMessage } from '@pipeline/singer';
import { type RejectedRecord, TooManyRejected } from '@pipeline/warehouse';
import type { BatchLoader, StreamCounts } from './batch-loader.ts';
import { atLine } from './input/input-error.ts';
import { LineBuffers, PendingRecords } from './pending-records.ts';
import { rejectionLimits, tooManyRejected } from './rejection-limit.ts';
import type { TargetConfig } from './settings/config.ts';
import type { StateGate } from './state-gate.ts';
import { stopsOneStream } from './stream-failure.ts';
import { type CutBatch, linesBefore, newStream, recordsOf, type WrittenStream } from './written-stream.ts';

export interface RecordWriterDeps {
  loader: BatchLoader;
  config: TargetConfig;
  gate: StateGate;
  now: () => number;
  /** A batch has been committed. */
  committed: () => void;
  /** A stream cannot go on; the others do. Called once for it. */
  stopped: (stream: WrittenStream, error: PipelineError) => void;
}

/** Bytes that wait in all streams together, in full batches. */
const PENDING_BATCHES_MAX = 4;

/** Collects the records of all streams into batches and writes several at a time. After a failed write every call throws its error. */
export class RecordWriter {
  readonly #deps: RecordWriterDeps;
  readonly #streams: WrittenStream[] = [];
  readonly #buffers: LineBuffers;
  readonly #limits: RejectionLimits;
  /** Of all streams. */
  #pendingBytes = 0;
  readonly #writing = new Set<Promise<void>>();
  #failure: unknown;

  constructor(deps: RecordWriterDeps) {
    this.#deps = deps;
    this.#limits = rejectionLimits(deps.config);
    this.#buffers = new LineBuffers(deps.config.max_parallelism + 1);
  }

  open(schema: SchemaMessage): WrittenStream {
    const stream = newStream(schema, new PendingRecords(this.#buffers));
    this.#streams.push(stream);
    return stream;
  }

  /** Takes the RECORD line `source[start, end)`. Returns a promise only when the caller has to wait. */
  add(
    stream: WrittenStream,
    source: Buffer,
    start: number,
    end: number,
    lineNumber: number,
  ): Promise<void> | undefined {
    if (stream.failure !== undefined) return undefined;
    const { pending } = stream;
    this.#deps.gate.open(pending, lineNumber);
    pending.add(source, start, end, lineNumber, this.#deps.now());
    this.#pendingBytes += end - start + 1;
    const { batch_size_rows, batch_size_bytes } = this.#deps.config;
    if (pending.rows >= batch_size_rows || pending.bytes >= batch_size_bytes) return this.flush(stream);
    // Many streams that fill slowly are bounded together.
    return this.#pendingBytes >= PENDING_BATCHES_MAX * batch_size_bytes ? this.flush(this.#largest(stream)) : undefined;
  }

  /** A record that goes to the quarantine instead, with the batch under way. */
  refuse(
    stream: WrittenStream,
    record: Omit<RejectedRecord, 'position'>,
    lineNumber: number,
  ): Promise<void> | undefined {
    if (stream.failure !== undefined) return undefined;
    this.#deps.gate.open(stream.pending, lineNumber);
    stream.invalid.push({ ...record, position: stream.pending.rows + stream.invalid.length });
    return stream.invalid.length >= this.#deps.config.batch_size_rows ? this.flush(stream) : undefined;
  }

  /** Nothing of the stream is written any more, and no STATE after this line is told. */
  fail(stream: WrittenStream, error: PipelineError, lineNumber: number): void {
    this.#deps.gate.open(stream, lineNumber);
    this.#fail(stream, error);
  }

  /** Hands the waiting records to a writer; waits while all writers are busy. */
  async flush(stream: WrittenStream): Promise<void> {
    const { pending } = stream;
    if (pending.rows === 0 && stream.invalid.length === 0) return;
    this.#pendingBytes -= pending.bytes;
    const batch: CutBatch = {
      ...pending.take(),
      invalid: stream.invalid,
      schema: stream.schema,
      number: this.#deps.loader.nextSequence(),
    };
    stream.invalid = [];
    stream.taken += batch.lineNumbers.length + batch.invalid.length;
    this.#deps.gate.move(pending, batch);
    await this.#writerFree(stream);
    const writing = this.#write(stream, batch)
      .then(() => this.#committed(stream, batch))
      .catch((error: unknown) => {
        if (stopsOneStream(error)) this.#fail(stream, error);
        else this.#failure ??= error;
      })
      .finally(() => {
        stream.writing.delete(writing);
        this.#writing.delete(writing);
      });
    stream.writing.add(writing);
    this.#writing.add(writing);
    // Read on only while the writers keep up.
    if (this.#writing.size >= this.#deps.config.max_parallelism) await Promise.race(this.#writing);
    this.#throwFailure();
  }

  /** Writes what waits too long. */
  async flushOld(): Promise<void> {
    const limit = this.#deps.now() - this.#deps.config.flush_seconds * 1_000;
    for (const stream of this.#streams) {
      if (stream.pending.rows > 0 && stream.pending.since <= limit) await this.flush(stream);
    }
  }

  /** Everything of the stream is committed. */
  async commitAll(stream: WrittenStream): Promise<void> {
    await this.flush(stream);
    await Promise.all(stream.writing);
    this.#throwFailure();
  }

  /** Everything is committed. */
  async drain(): Promise<void> {
    for (const stream of this.#streams) await this.flush(stream);
    await Promise.all(this.#writing);
    this.#throwFailure();
    for (const stream of this.#streams) {
      if (stream.failure === undefined && isMostlyRejected(recordsOf(stream.counts), this.#limits))
        this.#fail(stream, tooManyRejected(stream.name, recordsOf(stream.counts)));
    }
  }

  /** Waits for what is being written, whatever becomes of it.
   *  @param flush also write what waits. */
  async stop({ flush }: { flush: boolean }): Promise<void> {
    if (flush) for (const stream of this.#streams) await this.flush(stream).catch(() => undefined);
    await Promise.all(this.#writing);
  }

  #largest(first: WrittenStream): WrittenStream {
    return this.#streams.reduce((a, b) => (b.pending.bytes > a.pending.bytes ? b : a), first);
  }

  async #writerFree(stream: WrittenStream): Promise<void> {
    // A hard delete leaves no sequence to compare with, so then the batches of a stream go one after another.
    const busy = this.#deps.config.hard_delete ? stream.writing : this.#writing;
    const limit = this.#deps.config.hard_delete ? 1 : this.#deps.config.max_parallelism;
    while (busy.size >= limit) await Promise.race(busy);
    this.#throwFailure();
  }

  async #write(stream: WrittenStream, batch: CutBatch): Promise<void> {
    if (stream.failure !== undefined) throw stream.failure;
    const { lines, lineNumbers } = batch;
    const rejectedMax = async () =>
      rejectedAllowed(stream.taken, this.#limits) - stream.counts.rejected - batch.invalid.length;
    try {
      this.#count(stream, await this.#deps.loader.load({ ...batch, rejectedMax }));
    } catch (error) {
      if (error instanceof TooManyRejected) {
        const rejected = stream.counts.rejected + error.rejected.length;
        throw tooManyRejected(stream.name, { rows: stream.taken, rejected }, 'at least ');
      }
      const position = error instanceof PipelineError ? error.context['position'] : undefined;
      const brokenLine = typeof position === 'number' ? lineNumbers[position] : undefined;
      if (typeof position !== 'number' || brokenLine === undefined) throw error;
      // What came before the broken line is good.
      const before = linesBefore(lines, position);
      if (position > 0) this.#count(stream, await this.#deps.loader.load({ ...batch, lines: before }));
      this.#deps.gate.advance(batch, brokenLine);
      throw atLine(error, brokenLine);
    }
  }

  #committed(stream: WrittenStream, batch: CutBatch): void {
    this.#buffers.give(batch.lines);
    stream.held.push(batch);
    if (isMostlyRejected(recordsOf(stream.counts), this.#limits)) return;
    for (const held of stream.held) this.#deps.gate.close(held);
    stream.held = [];
    this.#deps.committed();
  }

  #count({ name, counts }: WrittenStream, { loaded, rejected, sanitised, stale }: StreamCounts): void {
    counts.loaded += loaded;
    counts.rejected += rejected;
    counts.sanitised += sanitised;
    counts.stale += stale;
    const seen = recordsOf(counts);
    if (seen.rejected > rejectedAllowed(seen.rows, this.#limits)) throw tooManyRejected(name, seen);
  }

  #fail(stream: WrittenStream, error: PipelineError): void {
    if (stream.failure !== undefined) return;
    stream.failure = error;
    this.#pendingBytes -= stream.pending.bytes;
    this.#buffers.give(stream.pending.take().lines);
    stream.invalid = [];
    this.#deps.stopped(stream, error);
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
