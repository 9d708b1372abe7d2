import type { JsonObject, SingerMessage } from '@pipeline/singer';
import { schemaMessage } from '../catalog/schema-message.ts';
import type { SelectedStream } from '../catalog/selection.ts';
import type { SingerOutput } from './singer-output.ts';
import type { StderrLogger } from './stderr-logger.ts';

interface WriterDeps {
  output: SingerOutput;
  logger: StderrLogger;
  now: () => number;
}

/** Writes the messages of one task. */
export class TaskWriter {
  readonly #deps: WriterDeps;
  readonly #streams: SelectedStream[];
  /** Of the tables that are read completely: rows of another version are gone from the source. */
  readonly #version: number;
  /** Streams whose records carry the version. */
  readonly #versioned: Set<string>;
  readonly #rows = new Map<string, number>();
  readonly #complete = new Set<string>();
  readonly #startedAt: number;

  constructor(deps: WriterDeps, streams: SelectedStream[], fullRead: boolean) {
    this.#deps = deps;
    this.#streams = streams;
    this.#startedAt = deps.now();
    this.#version = this.#startedAt;
    this.#versioned = new Set(fullRead ? streams.map(({ shape }) => shape.name) : []);
  }

  async begin(): Promise<void> {
    for (const stream of this.#streams) {
      this.#rows.set(stream.shape.name, 0);
      await this.#deps.output.write(schemaMessage(stream));
      this.#deps.logger.info({ stream: stream.shape.name }, 'SCHEMA sent');
    }
  }

  async records(stream: SelectedStream, records: JsonObject[]): Promise<void> {
    const name = stream.shape.name;
    const extractedAt = new Date(this.#deps.now()).toISOString();
    const version = this.#versioned.has(name) ? { version: this.#version } : {};
    await this.#deps.output.write(
      ...records.map(
        (record): SingerMessage => ({ type: 'RECORD', stream: name, record, ...version, time_extracted: extractedAt }),
      ),
    );
    this.#rows.set(name, (this.#rows.get(name) ?? 0) + records.length);
  }

  /** A stream may find out only as it reads that it has to read everything. It says so before its first record, so that all of them
   *  carry the version; said later, it comes too late. */
  deletes(stream: string, isWholeStream: boolean): void {
    if (!isWholeStream) return;
    if (this.#rows.get(stream) === 0) this.#versioned.add(stream);
    if (this.#versioned.has(stream)) this.#complete.add(stream);
  }

  /** After the last record: a target that drops the rows of other versions keeps everything that was sent. */
  async activateVersions(isProven: (stream: string) => boolean): Promise<void> {
    for (const stream of this.#complete) {
      if (!isProven(stream)) continue;
      await this.#deps.output.write({ type: 'ACTIVATE_VERSION', stream, version: this.#version });
    }
  }

  summary(): void {
    const durationMs = this.#deps.now() - this.#startedAt;
    for (const [stream, rows] of this.#rows) {
      this.#deps.logger.metric({ type: 'counter', metric: 'record_count', value: rows, tags: { endpoint: stream } });
      this.#deps.logger.info({ stream, rows, durationMs }, 'RECORDs extracted');
    }
  }
}
