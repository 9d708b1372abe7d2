import { PipelineError } from '@pipeline/contracts';
import type { SchemaMessage } from '@pipeline/singer';
import type { RejectedRecord } from '@pipeline/warehouse';
import type { BatchLoader, BatchNumber, StreamCounts } from './batch-loader.ts';
import type { TargetConfig } from './config.ts';
import { atLine } from './input-error.ts';
import { LineBuffers, PendingRecords } from './pending-records.ts';
import { isMostlyRejected, isOverLimit, tooManyRejected } from './rejection-limit.ts';
import type { StateGate } from './state-gate.ts';
import { stopsOneStream } from './stream-failure.ts';

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

/** A stream's records on their way into its table. */
export interface WrittenStream {
  name: string;
  schema: SchemaMessage;
  pending: PendingRecords;
  /** Records among them that the stream's schema refuses. */
  invalid: RejectedRecord[];
  counts: StreamCounts;
  /** Batches under way. */
  writing: Set<Promise<void>>;
  /** Committed batches whose STATEs wait, for most of the stream is rejected. */
  held: object[];
  /** Why nothing of the stream is written any more. What it has not committed holds every later STATE back. */
  failure: PipelineError | undefined;
}

interface CutBatch {
  lines: Buffer;
  /** Where each stood in the input. */
  lineNumbers: number[];
  invalid: RejectedRecord[];
  schema: SchemaMessage;
  number: BatchNumber;
}

/** Bytes that wait in all streams together, in full batches. */
const PENDING_BATCHES_MAX = 4;

/** Collects the records of all streams into batches and writes several at a time. After a failed write every call throws its error. */
export class RecordWriter {
  readonly #deps: RecordWriterDeps;
  readonly #streams: WrittenStream[] = [];
  readonly #buffers: LineBuffers;
  /** Of all streams. */
  #pendingBytes = 0;
  readonly #writing = new Set<Promise<void>>();
  #failure: unknown;

  constructor(deps: RecordWriterDeps) {
    this.#deps = deps;
    this.#buffers = new LineBuffers(deps.config.max_parallelism + 1);
  }

  open(schema: SchemaMessage): WrittenStream {
    const stream: WrittenStream = {
      name: schema.stream,
      schema,
      pending: new PendingRecords(this.#buffers),
      invalid: [],
      counts: { loaded: 0, rejected: 0, sanitised: 0, stale: 0 },
      writing: new Set(),
      held: [],
      failure: undefined,
    };
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
  async settle(stream: WrittenStream): Promise<void> {
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
      if (stream.failure === undefined && isMostlyRejected(stream.counts, this.#deps.config))
        this.#fail(stream, tooManyRejected(stream.name, stream.counts));
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
    const { schema, lines, lineNumbers, invalid, number } = batch;
    try {
      this.#count(stream, await this.#deps.loader.load(schema, lines, number, invalid));
    } catch (error) {
      const position = error instanceof PipelineError ? error.context['position'] : undefined;
      const brokenLine = typeof position === 'number' ? lineNumbers[position] : undefined;
      if (typeof position !== 'number' || brokenLine === undefined) throw error;
      // What came before the broken line is good.
      const before = linesBefore(lines, position);
      if (position > 0) this.#count(stream, await this.#deps.loader.load(schema, before, number, invalid));
      this.#deps.gate.advance(batch, brokenLine);
      throw atLine(error, brokenLine);
    }
  }

  #committed(stream: WrittenStream, batch: CutBatch): void {
    this.#buffers.give(batch.lines);
    stream.held.push(batch);
    if (isMostlyRejected(stream.counts, this.#deps.config)) return;
    for (const held of stream.held) this.#deps.gate.close(held);
    stream.held = [];
    this.#deps.committed();
  }

  #count({ name, counts }: WrittenStream, { loaded, rejected, sanitised, stale }: StreamCounts): void {
    counts.loaded += loaded;
    counts.rejected += rejected;
    counts.sanitised += sanitised;
    counts.stale += stale;
    if (isOverLimit(counts, this.#deps.config)) throw tooManyRejected(name, counts);
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

function linesBefore(lines: Buffer, count: number): Buffer {
  let end = 0;
  for (let line = 0; line < count; line++) end = lines.indexOf(10, end) + 1;
  return lines.subarray(0, end);
}
