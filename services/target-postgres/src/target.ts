import type { Logger, PipelineError } from '@pipeline/protocol';
import { isJsonObject, type Json, parseJson, parseMessage } from '@pipeline/singer';
import type { BatchLoader, StreamCounts } from './batch-loader.ts';
import { BatchMessage, batchRecords } from './input/batch-files.ts';
import { afterMark } from './input/byte-order-mark.ts';
import { type Envelope, readEnvelope } from './input/envelope.ts';
import { flattenRecord, flattenSchema } from './input/flatten.ts';
import { atLine, invalidMessage } from './input/input-error.ts';
import { LineMemory } from './input/line-memory.ts';
import { RecordValidator } from './input/record-validator.ts';
import { checkRoot, readSchema } from './input/schema-intake.ts';
import { Preparations } from './preparations.ts';
import { invalidRecord, keyRequired } from './record-refusal.ts';
import { RecordWriter } from './record-writer.ts';
import type { TargetConfig } from './settings/config.ts';
import { StateGate } from './state-gate.ts';
import { stopsOneStream } from './stream-failure.ts';
import type { TargetStream } from './target-stream.ts';
import { Versions } from './versions.ts';
import type { WrittenStream } from './written-stream.ts';

export interface TargetDeps {
  loader: BatchLoader;
  config: TargetConfig;
  logger: Logger;
  /** Takes the value of each STATE that is covered by committed rows. */
  emitState: (value: Json) => void;
  now: () => number;
}

/** A line within a larger buffer. */
interface LineSpan {
  source: Buffer;
  start: number;
  end: number;
}

/** A Singer target: takes the lines of a tap in order, writes their records in batches, several at a time, and tells a STATE when
 *  everything before it is committed in all streams. A stream that cannot go on stops alone. */
export class SingerTarget {
  readonly #deps: TargetDeps;
  readonly #streams = new Map<string, TargetStream>();
  readonly #gate = new StateGate();
  readonly #writer: RecordWriter;
  readonly #versions: Versions;
  readonly #preparations: Preparations<TargetStream>;
  readonly #memory = new LineMemory<TargetStream>();
  /** Lines go to their stream as they are: nothing looks into them. */
  readonly #isRaw: boolean;
  #lineNumber = 0;

  constructor(deps: TargetDeps) {
    this.#deps = deps;
    const stopped = (stream: WrittenStream, error: PipelineError) => this.#stopped(stream, error);
    this.#writer = new RecordWriter({ ...deps, gate: this.#gate, committed: () => this.#tellState(), stopped });
    this.#versions = new Versions({ ...deps, writer: this.#writer });
    const limit = deps.config.max_parallelism;
    this.#preparations = new Preparations(limit, (stream, error) => this.#writer.fail(stream, error, this.#lineNumber));
    this.#isRaw = deps.config.data_flattening_max_level === 0 && !deps.config.validate_records;
  }

  get counts(): Map<string, StreamCounts> {
    return new Map([...this.#streams].map(([name, { counts }]) => [name, counts]));
  }

  /** Why streams have stopped, by name. */
  get failures(): Map<string, PipelineError> {
    return new Map(
      [...this.#streams].flatMap(([name, { failure }]) => (failure === undefined ? [] : [[name, failure]])),
    );
  }

  /** Takes the line `source[start, end)`. Returns a promise only when the caller has to wait.
   *  @throws PipelineError for a line that is no Singer message, or a RECORD without SCHEMA. */
  line(source: Buffer, start: number, end: number): Promise<void> | undefined {
    this.#lineNumber++;
    const stream = this.#memory.streamOf(source, start, end);
    if (stream !== undefined) return this.#writer.add(stream, source, start, end, this.#lineNumber);
    if (isBlank(source, start, end)) return undefined;
    return this.#message(source, this.#lineNumber === 1 ? afterMark(source, start, end) : start, end);
  }

  /** Writes what waits too long. */
  flushOld(): Promise<void> {
    return this.#writer.flushOld();
  }

  /** The input has ended: writes everything, then activates the versions that waited for it. */
  async end(): Promise<void> {
    await this.#preparations.done();
    await this.#writer.drain();
    await this.#versions.activateWaiting(this.#streams.values(), this.#lineNumber);
    const whole = [...this.#streams.values()].filter(({ failure }) => failure === undefined);
    if (whole.length > 0) await this.#deps.loader.measure(whole.map(({ name }) => name));
    this.#tellState();
  }

  /** The input is broken or a signal came: waits for what is being written, and tells how far it got.
   *  @param flush also write what waits. */
  async stop(options: { flush: boolean }): Promise<void> {
    await this.#preparations.finished();
    await this.#writer.stop(options);
    this.#tellState();
  }

  #message(source: Buffer, start: number, end: number): Promise<void> | undefined {
    return this.#atLine(() => {
      const line = source.subarray(start, end);
      const envelope = readEnvelope(line);
      if (envelope.type === 'RECORD') return this.#record({ source, start, end }, envelope);
      return this.#control(envelope, line.toString());
    });
  }

  #control(envelope: Envelope, line: string): Promise<void> | undefined {
    switch (envelope.type) {
      case 'SCHEMA':
        return this.#schema(line, envelope.stream ?? '');
      case 'STATE':
        this.#gate.state(this.#lineNumber, stateValue(line));
        this.#tellState();
        return undefined;
      case 'ACTIVATE_VERSION':
        return this.#versions.take(line, this.#lineNumber, this.#streams);
      case 'BATCH':
        return this.#batch(line);
      default:
        this.#deps.logger.warn({ type: envelope.type, line: this.#lineNumber }, 'unknown message type is ignored');
        return undefined;
    }
  }

  #schema(line: string, name: string): Promise<void> | undefined {
    // Taps send the same SCHEMA again and again: nothing has changed, so nothing has to be written first.
    if (this.#streams.get(name)?.schemaLine === line) return undefined;
    return this.#changedSchema(line);
  }

  async #changedSchema(line: string): Promise<void> {
    const message = readSchema(line);
    const { config, loader } = this.#deps;
    const known = this.#streams.get(message.stream);
    this.#memory.forget();
    if (known !== undefined) await this.#writer.flush(known);
    const schema = flattenSchema(message, config.data_flattening_max_level);
    const version = known?.version ?? this.#versions.announced(message.stream);
    const stream: TargetStream = Object.assign(known ?? this.#writer.open(schema), {
      schema,
      nested: message,
      schemaLine: line,
      version,
      activateAtEnd: known === undefined ? version : known.activateAtEnd,
      validator: undefined,
    });
    this.#streams.set(message.stream, stream);
    try {
      checkRoot(message);
      if (config.primary_key_required && message.key_properties.length === 0) throw keyRequired(message.stream);
      if (config.validate_records) stream.validator = new RecordValidator(message);
      await this.#preparations.add(stream, () => loader.prepare(schema));
    } catch (error) {
      if (!stopsOneStream(error)) throw error;
      this.#writer.fail(stream, error, this.#lineNumber);
    }
  }

  #record({ source, start, end }: LineSpan, envelope: Envelope): Promise<void> | undefined {
    const stream = this.#streams.get(envelope.stream ?? '');
    if (stream === undefined) throw invalidMessage(`a RECORD of stream ${envelope.stream} came before its SCHEMA`);
    if (this.#isRaw) {
      this.#memory.remember(source.subarray(start, end), envelope.prefixLength, stream);
      return this.#writer.add(stream, source, start, end, this.#lineNumber);
    }
    return this.#readRecord(stream, source.toString('utf8', start, end));
  }

  /** A RECORD that has to be looked into: validated, or flattened. */
  #readRecord(stream: TargetStream, line: string): Promise<void> | undefined {
    const message: { record?: Json; type: string } = parseMessage(line) as { record?: Json; type: string };
    const invalid = stream.validator?.check(JSON.parse(line).record);
    if (invalid !== undefined) {
      if (this.#deps.config.on_invalid === 'quarantine') {
        return this.#writer.refuse(stream, { ...invalid, sqlstate: '22023', record: line }, this.#lineNumber);
      }
      this.#writer.fail(stream, invalidRecord(stream.name, this.#lineNumber, invalid), this.#lineNumber);
      return undefined;
    }
    const levels = this.#deps.config.data_flattening_max_level;
    const { record } = message;
    if (levels === 0 || !isJsonObject(record)) return this.#add(stream, line);
    return this.#add(
      stream,
      JSON.stringify({ ...message, record: flattenRecord(record, stream.nested.schema, levels) }),
    );
  }

  #add(stream: TargetStream, line: string): Promise<void> | undefined {
    const bytes = Buffer.from(line);
    return this.#writer.add(stream, bytes, 0, bytes.length, this.#lineNumber);
  }

  async #batch(line: string): Promise<void> {
    const parsed = BatchMessage.safeParse(parseJson(line));
    if (!parsed.success) throw invalidMessage('a BATCH has "stream", "encoding" (jsonl, gzip or none) and "manifest"');
    const stream = this.#streams.get(parsed.data.stream);
    if (stream === undefined) throw invalidMessage(`a BATCH of stream ${parsed.data.stream} came before its SCHEMA`);
    const version = stream.version === undefined ? '' : `"version":${stream.version},`;
    const head = `{"type":"RECORD","stream":${JSON.stringify(stream.name)},${version}"record":`;
    for await (const record of batchRecords(parsed.data)) {
      const text = `${head}${record}}`;
      await (this.#isRaw ? this.#add(stream, text) : this.#readRecord(stream, text));
    }
  }

  #stopped(stream: WrittenStream, error: PipelineError): void {
    this.#memory.forget();
    this.#deps.logger.error(
      { ...error.context, stream: stream.name, code: error.code },
      `${error.message}. Nothing more of stream ${stream.name} is loaded, and no STATE after its last committed record is told`,
    );
  }

  #tellState(): void {
    const state = this.#gate.take();
    if (state !== undefined) this.#deps.emitState(state.value);
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

function isBlank(source: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((source[at] ?? 0) > 32) return false;
  return true;
}

function stateValue(line: string): Json {
  const message = parseJson(line);
  if (!isJsonObject(message) || message['value'] === undefined) throw invalidMessage('a STATE message has a "value"');
  return message['value'];
}
