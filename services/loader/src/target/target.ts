import { errorMessage, type Logger, PipelineError } from '@pipeline/contracts';
import { isJsonObject, type Json, parseJson, parseMessage, type SchemaMessage } from '@pipeline/singer';
import { BatchMessage, batchRecords } from './batch-files.ts';
import type { BatchLoader, StreamCounts } from './batch-loader.ts';
import type { TargetConfig } from './config.ts';
import { type Envelope, readEnvelope } from './envelope.ts';
import { flattenRecord, flattenSchema } from './flatten.ts';
import { LineBuffers, PendingRecords } from './pending-records.ts';
import { StateGate } from './state-gate.ts';

export interface TargetDeps {
  loader: BatchLoader;
  config: TargetConfig;
  logger: Logger;
  /** Takes the value of each STATE that is covered by committed rows. */
  emitState: (value: Json) => void;
  now: () => number;
}

interface Stream {
  name: string;
  schema: SchemaMessage;
  /** As the tap sent it: records are flattened by it. */
  nested: SchemaMessage;
  pending: PendingRecords;
  counts: StreamCounts;
  /** Batches under way. */
  writing: Set<Promise<void>>;
  /** An ACTIVATE_VERSION that came before its records. */
  activateAtEnd: string | undefined;
}

/** Records on their way into the database. */
interface CutBatch {
  lines: Buffer;
  /** Where each stood in the input. */
  lineNumbers: number[];
  schema: SchemaMessage;
  number: { epoch: number; seq: number };
}

/** Bytes that wait in all streams together, in full batches. */
const PENDING_BATCHES_MAX = 4;

/** A Singer target: takes the lines of a tap in order, writes their records in batches, several at a time, and tells a STATE when
 *  everything before it is committed in all streams. */
export class SingerTarget {
  readonly #deps: TargetDeps;
  readonly #streams = new Map<string, Stream>();
  readonly #early = new Map<string, string>();
  readonly #gate = new StateGate();
  readonly #buffers: LineBuffers;
  /** Of all streams. */
  #pendingBytes = 0;
  readonly #writing = new Set<Promise<void>>();
  #failure: unknown;
  #lineNumber = 0;
  /** The beginning of the last RECORD line, and its stream: the next line mostly begins with the same bytes. */
  #prefix: Buffer | undefined;
  #prefixStream: Stream | undefined;

  constructor(deps: TargetDeps) {
    this.#deps = deps;
    this.#buffers = new LineBuffers(deps.config.max_parallelism + 1);
  }

  get counts(): Map<string, StreamCounts> {
    return new Map([...this.#streams].map(([name, { counts }]) => [name, counts]));
  }

  /** Takes the line `source[start, end)`. Returns a promise only when the caller has to wait.
   *  @throws PipelineError for a line that is no Singer message, a RECORD without SCHEMA, a stream with too many rejected records. */
  line(source: Buffer, start: number, end: number): Promise<void> | undefined {
    this.#lineNumber++;
    const prefix = this.#prefix;
    const stream = this.#prefixStream;
    if (prefix !== undefined && stream !== undefined && startsWith(source, start, end, prefix)) {
      return this.#record(stream, source, start, end);
    }
    if (isBlank(source, start, end)) return undefined;
    return this.#message(source.subarray(start, end));
  }

  /** Writes what waits too long. */
  async flushOld(): Promise<void> {
    const limit = this.#deps.now() - this.#deps.config.flush_seconds * 1_000;
    for (const stream of this.#streams.values()) {
      if (stream.pending.rows > 0 && stream.pending.since <= limit) await this.#flush(stream);
    }
  }

  /** The input has ended: writes everything, then activates the versions that waited for it. */
  async end(): Promise<void> {
    await this.#drain();
    for (const stream of this.#streams.values()) {
      if (stream.activateAtEnd !== undefined) await this.#activate(stream, stream.activateAtEnd);
    }
    for (const name of this.#early.keys()) {
      this.#deps.logger.warn({ stream: name }, 'ACTIVATE_VERSION of a stream without SCHEMA is ignored');
    }
    this.#tellState();
  }

  /** The input is broken or a signal came: waits for what is being written, and tells how far it got.
   *  @param flush also write what waits. */
  async stop(options: { flush: boolean }): Promise<void> {
    if (options.flush) for (const stream of this.#streams.values()) await this.#flush(stream).catch(() => undefined);
    await Promise.all(this.#writing);
    this.#tellState();
  }

  #message(line: Buffer): Promise<void> | undefined {
    return this.#atLine(() => {
      const envelope = readEnvelope(line);
      if (envelope.type === 'RECORD') return this.#firstRecord(line, envelope);
      return this.#control(envelope, line.toString());
    });
  }

  #control(envelope: Envelope, line: string): Promise<void> | undefined {
    switch (envelope.type) {
      case 'SCHEMA':
        return this.#schema(line);
      case 'STATE':
        this.#gate.state(this.#lineNumber, stateValue(line));
        this.#tellState();
        return undefined;
      case 'ACTIVATE_VERSION':
        return this.#activateVersion(line);
      case 'BATCH':
        return this.#batch(line);
      default:
        this.#deps.logger.warn({ type: envelope.type, line: this.#lineNumber }, 'unknown message type is ignored');
        return undefined;
    }
  }

  async #schema(line: string): Promise<void> {
    const message = { key_properties: [], ...parseMessage(line) };
    if (!isSchema(message)) throw invalid('a SCHEMA message has "stream", "schema" and a list of "key_properties"');
    const { config } = this.#deps;
    if (config.primary_key_required && message.key_properties.length === 0) {
      throw new PipelineError({
        code: 'KEY_REQUIRED',
        recovery: 'fix-config',
        message: `stream ${message.stream} has no key properties and "primary_key_required" is true`,
      });
    }
    const known = this.#streams.get(message.stream);
    this.#prefix = undefined;
    const schema = flattenSchema(message, config.data_flattening_max_level);
    if (known !== undefined) await this.#flush(known);
    await this.#deps.loader.prepare(schema);
    if (known !== undefined) {
      known.schema = schema;
      known.nested = message;
      return;
    }
    this.#streams.set(message.stream, {
      name: message.stream,
      schema,
      nested: message,
      pending: new PendingRecords(this.#buffers),
      counts: { loaded: 0, rejected: 0, sanitised: 0 },
      writing: new Set(),
      activateAtEnd: this.#early.get(message.stream),
    });
    this.#early.delete(message.stream);
  }

  #firstRecord(line: Buffer, envelope: Envelope): Promise<void> | undefined {
    const stream = this.#streams.get(envelope.stream ?? '');
    if (stream === undefined) throw invalid(`a RECORD of stream ${envelope.stream} came before its SCHEMA`);
    const hasPrefix = envelope.prefixLength !== undefined && this.#deps.config.data_flattening_max_level === 0;
    this.#prefix = hasPrefix ? Buffer.from(line.subarray(0, envelope.prefixLength)) : undefined;
    this.#prefixStream = stream;
    if (this.#deps.config.data_flattening_max_level === 0) return this.#record(stream, line, 0, line.length);
    const flat = Buffer.from(this.#flatten(stream, line.toString()));
    return this.#record(stream, flat, 0, flat.length);
  }

  #flatten(stream: Stream, line: string): string {
    const message = parseMessage(line);
    const record = 'record' in message ? message.record : undefined;
    if (!isJsonObject(record)) return line;
    const levels = this.#deps.config.data_flattening_max_level;
    return JSON.stringify({ ...message, record: flattenRecord(record, stream.nested.schema, levels) });
  }

  #record(stream: Stream, source: Buffer, start: number, end: number): Promise<void> | undefined {
    const { pending } = stream;
    this.#gate.open(pending, this.#lineNumber);
    pending.add(source, start, end, this.#lineNumber, this.#deps.now());
    this.#pendingBytes += end - start + 1;
    const { batch_size_rows, batch_size_bytes } = this.#deps.config;
    if (pending.rows >= batch_size_rows || pending.bytes >= batch_size_bytes) return this.#flush(stream);
    // Many streams that fill slowly are bounded together.
    return this.#pendingBytes >= PENDING_BATCHES_MAX * batch_size_bytes
      ? this.#flush(this.#largest(stream))
      : undefined;
  }

  #largest(first: Stream): Stream {
    return [...this.#streams.values()].reduce((a, b) => (b.pending.bytes > a.pending.bytes ? b : a), first);
  }

  /** Hands the waiting records to a writer; waits while all writers are busy. */
  async #flush(stream: Stream): Promise<void> {
    if (stream.pending.rows === 0) return;
    this.#pendingBytes -= stream.pending.bytes;
    const batch: CutBatch = {
      ...stream.pending.take(),
      schema: stream.schema,
      number: this.#deps.loader.nextSequence(),
    };
    this.#gate.open(batch, batch.lineNumbers[0] ?? this.#lineNumber);
    this.#gate.close(stream.pending);
    await this.#writerFree(stream);
    const writing = this.#write(stream, batch)
      .then(() => {
        this.#buffers.give(batch.lines);
        this.#gate.close(batch);
        this.#tellState();
      })
      .catch((error: unknown) => {
        this.#failure ??= error;
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

  async #writerFree(stream: Stream): Promise<void> {
    // A hard delete leaves no sequence to compare with, so then the batches of a stream go one after another.
    const busy = this.#deps.config.hard_delete ? stream.writing : this.#writing;
    const limit = this.#deps.config.hard_delete ? 1 : this.#deps.config.max_parallelism;
    while (busy.size >= limit) await Promise.race(busy);
    this.#throwFailure();
  }

  async #write(stream: Stream, batch: CutBatch): Promise<void> {
    const { schema, lines, lineNumbers, number } = batch;
    try {
      this.#count(stream, await this.#deps.loader.load(schema, lines, number));
    } catch (error) {
      const position = error instanceof PipelineError ? error.context['position'] : undefined;
      if (typeof position !== 'number') throw error;
      // What came before the broken line is good.
      const before = linesBefore(lines, position);
      if (position > 0) this.#count(stream, await this.#deps.loader.load(schema, before, number));
      const brokenLine = lineNumbers[position] ?? this.#lineNumber;
      this.#gate.advance(batch, brokenLine);
      throw atLine(error, brokenLine);
    }
  }

  #count(stream: Stream, { loaded, rejected, sanitised }: StreamCounts): void {
    const { counts } = stream;
    counts.loaded += loaded;
    counts.rejected += rejected;
    counts.sanitised += sanitised;
    const { max_rejected, max_rejected_share } = this.#deps.config;
    const tolerated = Math.max(max_rejected, max_rejected_share * (counts.loaded + counts.rejected));
    if (counts.rejected <= tolerated) return;
    throw new PipelineError({
      code: 'TOO_MANY_REJECTED',
      recovery: 'fail',
      message:
        `stream ${stream.name}: ${counts.rejected} of ${counts.loaded + counts.rejected} records do not fit. ` +
        'They are in pipeline.rejected_records with the reason; mend the source, or raise max_rejected',
      context: { stream: stream.name },
    });
  }

  async #drain(): Promise<void> {
    for (const stream of this.#streams.values()) await this.#flush(stream);
    await Promise.all(this.#writing);
    this.#throwFailure();
  }

  async #activateVersion(line: string): Promise<void> {
    const message = parseMessage(line);
    const version = versionOf(message['version' as keyof typeof message]);
    const name = 'stream' in message && typeof message.stream === 'string' ? message.stream : undefined;
    if (name === undefined || version === undefined) throw invalid('an ACTIVATE_VERSION has "stream" and "version"');
    const stream = this.#streams.get(name);
    if (stream === undefined) {
      this.#early.set(name, version);
      return;
    }
    await this.#flush(stream);
    await Promise.all(stream.writing);
    this.#throwFailure();
    // Before its records the version says only that they will come: if they do not, nothing may be gone.
    if (await this.#deps.loader.hasVersion(stream.schema, version)) await this.#activate(stream, version);
    else stream.activateAtEnd = version;
  }

  async #activate(stream: Stream, version: string): Promise<void> {
    stream.activateAtEnd = undefined;
    const outcome = await this.#deps.loader.activateVersion(stream.name, version);
    if (outcome === 'stale') {
      this.#deps.logger.warn(
        { stream: stream.name, version },
        'a newer version is active: ACTIVATE_VERSION is ignored',
      );
    }
  }

  async #batch(line: string): Promise<void> {
    const parsed = BatchMessage.safeParse(parseJson(line));
    if (!parsed.success) throw invalid('a BATCH has "stream", "encoding" (jsonl, gzip or none) and "manifest"');
    const stream = this.#streams.get(parsed.data.stream);
    if (stream === undefined) throw invalid(`a BATCH of stream ${parsed.data.stream} came before its SCHEMA`);
    const head = `{"type":"RECORD","stream":${JSON.stringify(stream.name)},"record":`;
    for await (const record of batchRecords(parsed.data)) {
      const text = `${head}${record}}`;
      const flat = this.#deps.config.data_flattening_max_level > 0 ? this.#flatten(stream, text) : text;
      const bytes = Buffer.from(flat);
      await this.#record(stream, bytes, 0, bytes.length);
    }
  }

  #tellState(): void {
    const state = this.#gate.take();
    if (state !== undefined) this.#deps.emitState(state.value);
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Errors say which line of the input they are about. */
  #atLine(work: () => Promise<void> | undefined): Promise<void> | undefined {
    const lineNumber = this.#lineNumber;
    try {
      return work()?.catch((error: unknown) => Promise.reject(atLine(error, lineNumber)));
    } catch (error) {
      throw atLine(error, lineNumber);
    }
  }
}

function atLine(error: unknown, line: number): unknown {
  const isAboutInput = error instanceof PipelineError && error.code.startsWith('SINGER_');
  if (!isAboutInput || 'line' in error.context) return error;
  const { code, recovery, context } = error;
  return new PipelineError({
    code,
    recovery,
    message: `line ${line}: ${errorMessage(error)}`,
    context: { ...context, line },
    cause: error,
  });
}

function linesBefore(lines: Buffer, count: number): Buffer {
  let end = 0;
  for (let line = 0; line < count; line++) end = lines.indexOf(10, end) + 1;
  return lines.subarray(0, end);
}

function startsWith(source: Buffer, start: number, end: number, prefix: Buffer): boolean {
  if (end - start < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (source[start + i] !== prefix[i]) return false;
  return true;
}

function isBlank(source: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((source[at] ?? 0) > 32) return false;
  return true;
}

function stateValue(line: string): Json {
  const message = parseJson(line);
  if (!isJsonObject(message) || message['value'] === undefined) throw invalid('a STATE message has a "value"');
  return message['value'];
}

function versionOf(value: unknown): string | undefined {
  const text = JSON.isRawJSON(value) ? value.rawJSON : String(value);
  return /^-?\d{1,18}$/.test(text) ? text : undefined;
}

function isSchema(message: object): message is SchemaMessage {
  return (
    'stream' in message &&
    typeof message.stream === 'string' &&
    'schema' in message &&
    typeof message.schema === 'object' &&
    message.schema !== null &&
    'key_properties' in message &&
    Array.isArray(message.key_properties) &&
    message.key_properties.every((key) => typeof key === 'string')
  );
}

function invalid(message: string): PipelineError {
  return new PipelineError({ code: 'SINGER_INVALID_MESSAGE', recovery: 'fail', message });
}
