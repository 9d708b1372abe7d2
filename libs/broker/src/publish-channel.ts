import type { Logger } from '@pipeline/protocol';
import { type ChannelModel, type ConfirmChannel, IllegalOperationError } from 'amqplib';
import { noteBatch } from './batch-history.ts';
import { type Message, publishOptions } from './message.ts';

/** What became of one publish.
 *  - `confirmed`: at least one queue has it on disk.
 *  - `unroutable`: no queue wants it. The broker confirms such a message too, after having returned it.
 *  - `refused`: a queue is full.
 *  - `forbidden`: our user may not publish this.
 *  - `lost`: nobody knows; the channel is gone. */
export type Outcome = 'confirmed' | 'unroutable' | 'refused' | 'forbidden' | 'lost';

/** What amqplib's confirm callback says of a basic.nack; anything else means that the channel closed. */
const NACKED = 'message nacked';

export interface PublishChannelOptions {
  logger: Logger;
  /** The user of the connection, which signs every message. */
  userId: string | undefined;
  /** Called once, when nothing more can be sent. */
  onEnd: () => void;
}

/** AMQP's ACCESS_REFUSED: the broker closes the channel with it. */
const ACCESS_REFUSED = 403;

/** A confirm channel that knows which messages came back. */
export class PublishChannel {
  readonly #channel: ConfirmChannel;
  readonly #userId: string | undefined;
  readonly #returned = new Set<string>();
  readonly #pending = new Set<(outcome: Outcome) => void>();
  readonly #onEnd: () => void;
  #isOpen = true;
  /** What is pending when the channel closes has become this. */
  #atClose: Outcome = 'lost';

  private constructor(channel: ConfirmChannel, { logger, userId, onEnd }: PublishChannelOptions) {
    this.#channel = channel;
    this.#userId = userId;
    this.#onEnd = onEnd;
    channel.on('return', ({ properties }) => this.#returned.add(String(properties.messageId)));
    channel.on('error', (error: Error & { code?: unknown }) => {
      if (error.code === ACCESS_REFUSED) this.#atClose = 'forbidden';
      logger.warn({}, `the broker closed the publish channel: ${error.message}`);
    });
    channel.on('close', () => this.#end());
  }

  static async open(model: ChannelModel, options: PublishChannelOptions): Promise<PublishChannel> {
    return new PublishChannel(await model.createConfirmChannel(), options);
  }

  /** Sends once and tells what became of it. amqplib buffers without bound; the caller's window is the bound. */
  async send(message: Message, mandatory: boolean): Promise<Outcome> {
    if (!this.#isOpen) return 'lost';
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const onConfirm = (error: unknown) => {
      this.#pending.delete(resolve);
      const isReturned = this.#returned.delete(message.messageId);
      if (error !== null) resolve(error instanceof Error && error.message === NACKED ? 'refused' : this.#atClose);
      else if (isReturned) resolve('unroutable');
      else {
        noteBatch('confirm', message);
        resolve('confirmed');
      }
    };
    this.#pending.add(resolve);
    try {
      const options = publishOptions(message, mandatory, this.#userId);
      noteBatch('publish', message);
      this.#channel.publish(message.exchange, message.routingKey, message.body, options, onConfirm);
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
    for (const resolve of this.#pending) resolve(this.#atClose);
    this.#pending.clear();
  }
}
