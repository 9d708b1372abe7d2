import type { Logger } from '@pipeline/protocol';
import { parseMessage } from '@pipeline/singer';
import type { BatchLoader } from './batch-loader.ts';
import { invalidMessage } from './input/input-error.ts';
import type { RecordWriter } from './record-writer.ts';
import { stopsOneStream } from './stream-failure.ts';
import type { TargetStream } from './target-stream.ts';

export interface VersionsDeps {
  loader: BatchLoader;
  writer: RecordWriter;
  logger: Logger;
}

/** Singer's table versions: what an ACTIVATE_VERSION does to its stream, and when. */
export class Versions {
  readonly #deps: VersionsDeps;
  /** Of streams whose SCHEMA has not come yet. */
  readonly #early = new Map<string, string>();

  constructor(deps: VersionsDeps) {
    this.#deps = deps;
  }

  /** Takes an ACTIVATE_VERSION. Before the records of its version it says only that they will come, and if they do not, nothing may be gone:
   *  then it waits for the end of the input. */
  async take(line: string, lineNumber: number, streams: Map<string, TargetStream>): Promise<void> {
    const { name, version } = readActivation(line);
    const stream = streams.get(name);
    if (stream === undefined) {
      this.#early.set(name, version);
      return;
    }
    stream.version = version;
    await this.#deps.writer.commitAll(stream);
    if (stream.failure !== undefined) return;
    if (await this.#deps.loader.hasVersion(stream.schema, version)) await this.#activate(stream, version, lineNumber);
    else stream.activateAtEnd = version;
  }

  /** What was announced for the stream before its SCHEMA. */
  announced(stream: string): string | undefined {
    const version = this.#early.get(stream);
    this.#early.delete(stream);
    return version;
  }

  /** The input is complete: activates the versions that waited for it. */
  async activateWaiting(streams: Iterable<TargetStream>, lineNumber: number): Promise<void> {
    for (const stream of streams) {
      if (stream.activateAtEnd !== undefined && stream.failure === undefined)
        await this.#activate(stream, stream.activateAtEnd, lineNumber);
    }
    for (const name of this.#early.keys()) {
      this.#deps.logger.warn({ stream: name }, 'ACTIVATE_VERSION of a stream without SCHEMA is ignored');
    }
  }

  async #activate(stream: TargetStream, version: string, lineNumber: number): Promise<void> {
    stream.activateAtEnd = undefined;
    try {
      const outcome = await this.#deps.loader.activateVersion(stream.name, version);
      if (outcome === 'activated') return;
      this.#deps.logger.warn(
        { stream: stream.name, version },
        'a newer version is active: ACTIVATE_VERSION is ignored',
      );
    } catch (error) {
      if (!stopsOneStream(error)) throw error;
      this.#deps.writer.fail(stream, error, lineNumber);
    }
  }
}

function readActivation(line: string): { name: string; version: string } {
  const message: { type: string; stream?: unknown; version?: unknown } = parseMessage(line);
  const version = versionOf(message.version);
  if (typeof message.stream !== 'string' || version === undefined)
    throw invalidMessage('an ACTIVATE_VERSION has "stream" and "version"');
  return { name: message.stream, version };
}

function versionOf(value: unknown): string | undefined {
  const text = JSON.isRawJSON(value) ? value.rawJSON : String(value);
  return /^-?\d{1,18}$/.test(text) ? text : undefined;
}
