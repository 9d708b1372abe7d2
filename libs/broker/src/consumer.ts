import type { Logger } from '@pipeline/protocol';
import { backoffMs, judgeErrors, pause, unlessAborted, within } from '@pipeline/resilience';
import type { ConsumeMessage } from 'amqplib';
import { BACKOFF } from './backoff.ts';
import { brokerFailure } from './broker-failure.ts';
import type { Connection } from './connection.ts';
import { ConsumeChannel, type Settlement } from './consume-channel.ts';
import { type Delivery, toDelivery } from './message.ts';

export interface ConsumerOptions {
  queue: string;
  /** Messages in hand at the same time, which is also how many handlers run at the same time. A consumer that dies takes its
   *  neighbours' delivery counts with it, so keep it at 1 or 2. */
  prefetch: number;
}

/** Does the work of one message. When it throws, it is called again with the message still in hand, three times in all, and then
 *  the message is dead-lettered: wait out what passes (a database that is away) inside. */
export type Handler = (delivery: Delivery) => Promise<Settlement>;

/** Is told why a message is about to become a dead letter; it does not throw. */
export type OnGivingUp = (delivery: Delivery, error: unknown) => Promise<void>;

export interface ConsumerDeps {
  logger: Logger;
  onGivingUp: OnGivingUp;
  /** Told of every error of the handler, before the message is tried again. */
  onHandlerError: (error: unknown) => void;
  /** Counts an error that nobody expected of a registration. */
  onDefect: () => void;
}

export type ConsumerState = 'starting' | 'consuming' | 'paused' | 'waiting' | 'stopped';

const HANDLER_ATTEMPTS_MAX = 3;
/** A message that everybody returns at once would circle at full speed. */
const REQUEUE_DELAY_MS = 1_000;
const STOP_TIMEOUT_MS = 7_000;

/** Keeps a consumer registered on a queue through lost channels and cancellations. */
export class Consumer {
  readonly queue: string;
  readonly #connection: Connection;
  readonly #prefetch: number;
  readonly #handler: Handler;
  readonly #logger: Logger;
  readonly #deps: ConsumerDeps;
  readonly #stopping = new AbortController();
  readonly #inHand = new Set<Promise<void>>();
  readonly #registered = Promise.withResolvers<void>();
  #channel: ConsumeChannel | undefined;
  #state: ConsumerState = 'starting';
  #resumed: PromiseWithResolvers<void> | undefined;
  #loop: Promise<void> | undefined;

  constructor(connection: Connection, deps: ConsumerDeps, { queue, prefetch }: ConsumerOptions, handler: Handler) {
    this.queue = queue;
    this.#connection = connection;
    this.#prefetch = prefetch;
    this.#handler = handler;
    this.#logger = deps.logger.child({ queue });
    this.#deps = deps;
  }

  get state(): ConsumerState {
    return this.#state;
  }

  /** Resolves when the consumer is registered for the first time. */
  async start(): Promise<void> {
    this.#loop ??= this.#run();
    await Promise.race([this.#registered.promise, this.#loop]);
  }

  /** Takes no more messages until {@link resume}. Awaited inside a handler, it is in force before that message is acked: whoever
   *  has no room for a second message holds none. */
  async pause(): Promise<void> {
    this.#resumed ??= Promise.withResolvers();
    await this.#channel?.cancel();
  }

  resume(): void {
    this.#resumed?.resolve();
    this.#resumed = undefined;
  }

  /** Takes no more messages, waits for the handlers at work, and requeues what they have not finished in time. */
  async stop(timeoutMs: number = STOP_TIMEOUT_MS): Promise<void> {
    this.#stopping.abort();
    this.resume();
    await within(Promise.all([this.#channel?.cancel(), this.#loop]), timeoutMs, undefined);
    this.#state = 'stopped';
    if (this.#inHand.size === 0) return;
    this.#logger.warn({ inHand: this.#inHand.size }, 'messages that are not finished go back to the queue');
    await this.#channel?.close();
  }

  /** One registration after another, never two: so there are never more handlers at work than `prefetch`. */
  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const { onDefect } = this.#deps;
    const judge = judgeErrors({
      logger: this.#logger,
      waiting: 'nothing is consumed',
      expected: brokerFailure,
      onDefect,
    });
    for (let failures = 0; !signal.aborted; ) {
      if (this.#resumed !== undefined) {
        this.#state = 'paused';
        await this.#resumed.promise;
        continue;
      }
      try {
        await this.#consume();
        failures = 0;
        judge.succeeded();
      } catch (error) {
        if (signal.aborted) return;
        judge.failed(error);
        await pause(backoffMs(failures + 1, BACKOFF), signal);
        failures += 1;
      }
    }
  }

  /** From one registration to its end, when all it brought is settled or lost. */
  async #consume(): Promise<void> {
    const { signal } = this.#stopping;
    const model = await unlessAborted(this.#connection.ready(), signal);
    const channel = await ConsumeChannel.open(model, {
      queue: this.queue,
      prefetch: this.#prefetch,
      logger: this.#logger,
      onMessage: (message, from) => this.#take(message, from),
    }).catch(async (error: unknown) => {
      // Perhaps somebody has deleted the queue.
      await this.#connection.prepareAgain();
      throw error;
    });
    this.#channel = channel;
    this.#state = 'consuming';
    this.#registered.resolve();
    if (this.#isUnwilling) await channel.cancel();
    await channel.ended;
    this.#state = 'waiting';
    await Promise.all(this.#inHand);
    await channel.close();
  }

  get #isUnwilling(): boolean {
    return this.#resumed !== undefined || this.#stopping.signal.aborted;
  }

  #take(message: ConsumeMessage, channel: ConsumeChannel): void {
    if (this.#isUnwilling) {
      channel.settle(message, 'requeue');
      return;
    }
    const work = this.#work(message, channel).finally(() => this.#inHand.delete(work));
    this.#inHand.add(work);
  }

  async #work(message: ConsumeMessage, channel: ConsumeChannel): Promise<void> {
    const settlement = await this.#handle(toDelivery(this.queue, message, channel.lost));
    if (settlement === 'requeue') await this.#rest(REQUEUE_DELAY_MS, channel.lost);
    channel.settle(message, settlement);
  }

  async #handle(delivery: Delivery): Promise<Settlement> {
    const { messageId, signal } = delivery;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#handler(delivery);
      } catch (err) {
        if (signal.aborted) return 'requeue';
        this.#deps.onHandlerError(err);
        this.#logger.error({ err, messageId, attempt }, 'handling a message failed');
        if (attempt >= HANDLER_ATTEMPTS_MAX) {
          await this.#deps.onGivingUp(delivery, err);
          return 'dead-letter';
        }
      }
      await this.#rest(backoffMs(attempt + 1, BACKOFF), signal);
      if (signal.aborted || this.#stopping.signal.aborted) return 'requeue';
    }
  }

  /** A pause that ends early when the message is lost or the consumer stops. */
  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#stopping.signal]);
    await pause(ms, either);
  }
}
