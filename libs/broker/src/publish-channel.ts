import type { Logger } from '@pipeline/contracts';
import { type ChannelModel, type ConfirmChannel, IllegalOperationError } from 'amqplib';
import { noteBatch } from './batch-history.ts';
import { type Message, publishOptions } from './message.ts';

/** What became of one publish.
 *  - `confirmed`: at least one queue has it on disk.
 *  - `unroutable`: no queue wants it. The broker confirms such a message too, after having returned it.
 *  - `refused`: a queue is full.
 *  - `lost`: nobody knows; the channel is gone. */
export type Outcome = 'confirmed' | 'unroutable' | 'refused' | 'lost';

/** What amqplib's confirm callback says of a basic.nack; anything else means that the channel closed. */
const NACKED = 'message nacked';

/** A confirm channel that knows which messages came back. */
export class PublishChannel {
  readonly #channel: ConfirmChannel;
  readonly #returned = new Set<string>();
  readonly #pending = new Set<(outcome: Outcome) => void>();
  readonly #onEnd: () => void;
  #isOpen = true;

  private constructor(channel: ConfirmChannel, logger: Logger, onEnd: () => void) {
    this.#channel = channel;
    this.#onEnd = onEnd;
    channel.on('return', ({ properties }) => this.#returned.add(String(properties.messageId)));
    channel.on('error', (error) => logger.warn({ reason: error.message }, 'the broker closed the publish channel'));
    channel.on('close', () => this.#end());
  }

  /** `onEnd` is called once, when nothing more can be sent. */
  static async open(model: ChannelModel, logger: Logger, onEnd: () => void): Promise<PublishChannel> {
    return new PublishChannel(await model.createConfirmChannel(), logger, onEnd);
  }

  /** Sends once and tells what became of it. amqplib buffers without bound; the caller's window is the bound. */
  async send(message: Message, mandatory: boolean): Promise<Outcome> {
    if (!this.#isOpen) return 'lost';
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const settle = (error: unknown) => {
      this.#pending.delete(resolve);
      const isReturned = this.#returned.delete(message.messageId);
      if (error !== null) resolve(error instanceof Error && error.message === NACKED ? 'refused' : 'lost');
      else if (isReturned) resolve('unroutable');
      else {
        noteBatch('confirm', message);
        resolve('confirmed');
      }
    };
    this.#pending.add(resolve);
    try {
      const options = publishOptions(message, mandatory);
      noteBatch('publish', message);
      this.#channel.publish(message.exchange, message.routingKey, message.body, options, settle);
    } catch (error) {
      this.#pending.delete(resolve);
      if (error instanceof IllegalOperationError) return 'lost';
      throw error;
    }
    return promise;
  }

  /** Gives the channel up: all that is pending counts as lost, whatever the broker still says. */
  abandon(): void {
    if (!this.#isOpen) return;
    this.#end();
    this.#channel.close().catch(() => undefined);
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onEnd();
    for (const resolve of this.#pending) resolve('lost');
    this.#pending.clear();
  }
}
