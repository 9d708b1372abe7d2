import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { PipelineError } from '@pipeline/protocol';
import { formatMessage, type SingerMessage } from '@pipeline/singer';

/** Writes Singer messages, one a line. Waits while the reader is slower than the source, so nothing piles up here. */
export class SingerOutput {
  readonly #stream: Writable;
  #failure: unknown;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', (error) => {
      this.#failure = error;
    });
  }

  async write(...messages: SingerMessage[]): Promise<void> {
    if (messages.length === 0) return;
    if (this.#failure !== undefined) throw closed(this.#failure);
    const text = messages.map((message) => `${formatMessage(message)}\n`).join('');
    if (this.#stream.write(text)) return;
    await once(this.#stream, 'drain').catch((error: unknown) => {
      throw closed(error);
    });
  }

  /** Waits until everything is with the reader. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#stream.write('', (error) => (error ? reject(closed(error)) : resolve()));
    });
  }
}

function closed(cause: unknown): PipelineError {
  return new PipelineError({
    code: 'OUTPUT_CLOSED',
    recovery: 'fail',
    message: 'the reader of the messages has gone away: look at the log of the target',
    cause,
  });
}
