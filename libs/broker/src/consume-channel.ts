import type { Logger } from '@pipeline/protocol';
import { within } from '@pipeline/resilience';
import { type Channel, type ChannelModel, type ConsumeMessage, IllegalOperationError } from 'amqplib';
import { noteBatch } from './batch-history.ts';

/** What to do with a message.
 *  - `ack`: its effect is durable.
 *  - `requeue`: another consumer should take it. Up to RabbitMQ 4.2 this counts towards the queue's delivery limit.
 *  - `dead-letter`: nobody can do anything with it. */
export type Settlement = 'ack' | 'requeue' | 'dead-letter';

const CLOSE_TIMEOUT_MS = 2_000;

export interface ConsumeChannelOptions {
  queue: string;
  prefetch: number;
  logger: Logger;
  onMessage(message: ConsumeMessage, channel: ConsumeChannel): void;
}

/** One registration of a consumer, on a channel of its own. Delivery tags mean something on the channel they came from only, so
 *  each message is settled here or not at all. */
export class ConsumeChannel {
  readonly #channel: Channel;
  readonly #lost = new AbortController();
  readonly #end = Promise.withResolvers<void>();
  #tag: string | undefined;
  #isCancelled = false;

  private constructor(channel: Channel, logger: Logger) {
    this.#channel = channel;
    // Before the registration, whoever opens the channel tells.
    channel.on('error', ({ message }) => {
      if (this.#tag !== undefined) logger.warn({}, `the broker closed the consume channel: ${message}`);
    });
    channel.on('close', () => {
      this.#lost.abort();
      this.#end.resolve();
    });
  }

  static async open(model: ChannelModel, { queue, prefetch, logger, onMessage }: ConsumeChannelOptions) {
    const consumer = new ConsumeChannel(await model.createChannel(), logger);
    const channel = consumer.#channel;
    try {
      await channel.prefetch(prefetch);
      const { consumerTag } = await channel.consume(queue, (message) => {
        if (message === null) consumer.#cancelledByBroker(logger);
        else if (consumer.#isCancelled) consumer.settle(message, 'requeue');
        else {
          noteBatch('deliver', message.properties, { redelivered: message.fields.redelivered });
          onMessage(message, consumer);
        }
      });
      consumer.#tag = consumerTag;
      return consumer;
    } catch (error) {
      await consumer.close();
      throw error;
    }
  }

  /** Resolves when no more messages will come: cancelled by us, cancelled by the broker, or lost. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }

  /** Aborted when the channel is gone and with it the right to settle its messages. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Takes no more messages; those in hand can still be settled. Resolves when the broker has agreed. */
  async cancel(): Promise<void> {
    if (this.#isCancelled) return this.ended;
    this.#isCancelled = true;
    try {
      if (this.#tag !== undefined && !this.#lost.signal.aborted) await this.#channel.cancel(this.#tag);
    } catch {
      // The channel was lost meanwhile, which is the same thing.
    } finally {
      this.#end.resolve();
    }
  }

  settle(message: ConsumeMessage, settlement: Settlement): void {
    if (this.#lost.signal.aborted) return;
    try {
      if (settlement === 'ack') {
        noteBatch('ack', message.properties);
        this.#channel.ack(message);
      } else this.#channel.nack(message, false, settlement === 'requeue');
    } catch (error) {
      // Lost in this moment: the broker delivers the message again.
      if (!(error instanceof IllegalOperationError)) throw error;
    }
  }

  /** Closes the channel; the broker takes back what is not settled. */
  async close(): Promise<void> {
    if (this.#lost.signal.aborted) return;
    this.#lost.abort();
    this.#end.resolve();
    const closing = this.#channel.close().catch(() => undefined);
    await within(closing, CLOSE_TIMEOUT_MS, undefined);
  }

  #cancelledByBroker(logger: Logger): void {
    logger.warn({}, 'the broker cancelled the consumer');
    this.#isCancelled = true;
    this.#end.resolve();
  }
}
