import type { JsonObject, SingerMessage } from '@pipeline/singer';
import { schemaMessage } from '../schema-message.ts';
import type { SelectedStream } from '../selection.ts';
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
  /** Of the tables, in a full read: rows of another version are gone from the source. */
  readonly #version: number | undefined;
  readonly #rows = new Map<string, number>();
  readonly #complete = new Set<string>();
  readonly #startedAt: number;

  constructor(deps: WriterDeps, streams: SelectedStream[], version: number | undefined) {
    this.#deps = deps;
    this.#streams = streams;
    this.#version = version;
    this.#startedAt = deps.now();
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
    const version = this.#version === undefined ? {} : { version: this.#version };
    await this.#deps.output.write(
      ...records.map(
        (record): SingerMessage => ({ type: 'RECORD', stream: name, record, ...version, time_extracted: extractedAt }),
      ),
    );
    this.#rows.set(name, (this.#rows.get(name) ?? 0) + records.length);
  }

  deletes(stream: string, isWholeStream: boolean): void {
    if (isWholeStream) this.#complete.add(stream);
  }

  /** After the last record: a target that drops the rows of other versions keeps everything that was sent. */
  async activateVersions(): Promise<void> {
    const version = this.#version;
    if (version === undefined) return;
    for (const stream of this.#complete) await this.#deps.output.write({ type: 'ACTIVATE_VERSION', stream, version });
  }

  summary(): void {
    const durationMs = this.#deps.now() - this.#startedAt;
    for (const [stream, rows] of this.#rows) {
      this.#deps.logger.metric({ type: 'counter', metric: 'record_count', value: rows, tags: { endpoint: stream } });
      this.#deps.logger.info({ stream, rows, durationMs }, 'RECORDs extracted');
    }
  }
}
