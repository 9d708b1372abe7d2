import { type Logger, PipelineError } from '@pipeline/contracts';
import { isJsonObject, type Json, parseJson, parseMessage, type SchemaMessage } from '@pipeline/singer';
import { BatchMessage, batchRecords } from './batch-files.ts';
import type { BatchLoader, StreamCounts } from './batch-loader.ts';
import type { TargetConfig } from './config.ts';
import { type Envelope, readEnvelope } from './envelope.ts';
import { flattenRecord, flattenSchema } from './flatten.ts';
import { atLine, invalidMessage } from './input-error.ts';
import { RecordWriter, type WrittenStream } from './record-writer.ts';
import { StateGate } from './state-gate.ts';

export interface TargetDeps {
  loader: BatchLoader;
  config: TargetConfig;
  logger: Logger;
  /** Takes the value of each STATE that is covered by committed rows. */
  emitState: (value: Json) => void;
  now: () => number;
}

interface Stream extends WrittenStream {
  /** As the tap sent it: records are flattened by it. */
  nested: SchemaMessage;
  /** An ACTIVATE_VERSION that came before its records. */
  activateAtEnd: string | undefined;
}

/** A Singer target: takes the lines of a tap in order, writes their records in batches, several at a time, and tells a STATE when
 *  everything before it is committed in all streams. */
export class SingerTarget {
  readonly #deps: TargetDeps;
  readonly #streams = new Map<string, Stream>();
  readonly #early = new Map<string, string>();
  readonly #gate = new StateGate();
  readonly #writer: RecordWriter;
  #lineNumber = 0;
  /** The beginning of the last RECORD line, and its stream: the next line mostly begins with the same bytes. */
  #prefix: Buffer | undefined;
  #prefixStream: Stream | undefined;

  constructor(deps: TargetDeps) {
    this.#deps = deps;
    this.#writer = new RecordWriter({ ...deps, gate: this.#gate, committed: () => this.#tellState() });
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
  flushOld(): Promise<void> {
    return this.#writer.flushOld();
  }

  /** The input has ended: writes everything, then activates the versions that waited for it. */
  async end(): Promise<void> {
    await this.#writer.drain();
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
    await this.#writer.stop(options);
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
    if (!isSchema(message))
      throw invalidMessage('a SCHEMA message has "stream", "schema" and a list of "key_properties"');
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
    if (known !== undefined) await this.#writer.flush(known);
    await this.#deps.loader.prepare(schema);
    if (known !== undefined) {
      known.schema = schema;
      known.nested = message;
      return;
    }
    const activateAtEnd = this.#early.get(message.stream);
    this.#streams.set(message.stream, Object.assign(this.#writer.open(schema), { nested: message, activateAtEnd }));
    this.#early.delete(message.stream);
  }

  #firstRecord(line: Buffer, envelope: Envelope): Promise<void> | undefined {
    const stream = this.#streams.get(envelope.stream ?? '');
    if (stream === undefined) throw invalidMessage(`a RECORD of stream ${envelope.stream} came before its SCHEMA`);
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
    return this.#writer.add(stream, source, start, end, this.#lineNumber);
  }

  async #activateVersion(line: string): Promise<void> {
    const message = parseMessage(line);
    const version = versionOf(message['version' as keyof typeof message]);
    const name = 'stream' in message && typeof message.stream === 'string' ? message.stream : undefined;
    if (name === undefined || version === undefined)
      throw invalidMessage('an ACTIVATE_VERSION has "stream" and "version"');
    const stream = this.#streams.get(name);
    if (stream === undefined) {
      this.#early.set(name, version);
      return;
    }
    await this.#writer.settle(stream);
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
    if (!parsed.success) throw invalidMessage('a BATCH has "stream", "encoding" (jsonl, gzip or none) and "manifest"');
    const stream = this.#streams.get(parsed.data.stream);
    if (stream === undefined) throw invalidMessage(`a BATCH of stream ${parsed.data.stream} came before its SCHEMA`);
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
  if (!isJsonObject(message) || message['value'] === undefined) throw invalidMessage('a STATE message has a "value"');
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
