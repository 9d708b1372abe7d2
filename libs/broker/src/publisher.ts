import { BATCH_BYTES_MAX, type Logger, PipelineError } from '@pipeline/protocol';
import { backoffMs, pause, unlessAborted, within } from '@pipeline/resilience';
import { BACKOFF } from './backoff.ts';
import { brokerFailure } from './broker-failure.ts';
import type { Connection } from './connection.ts';
import type { Message } from './message.ts';
import { type Outcome, PublishChannel } from './publish-channel.ts';
import { Slots } from './slots.ts';

export interface PublisherOptions {
  /** Most messages sent and not yet confirmed; a further `publish` waits.
   *  @default 4 - more and a full queue overshoots its limit: `reject-publish` is judged before what is in flight arrives. */
  window?: number;
  /** Silence after which a publish counts as lost, in milliseconds. While the broker says that it is blocked, its silence is normal.
   *  @default 30_000 */
  confirmTimeoutMs?: number;
  /** Time after which a message that was never confirmed is given up, in milliseconds.
   *  @default 1_800_000 - a full queue means that the warehouse is behind; half an hour bridges its restart. */
  giveUpAfterMs?: number;
  /** Time after the first return in which somebody may declare the queue that is missing, in milliseconds.
   *  @default 30_000 - the scheduler declares what was deleted within seconds. */
  unroutableForMs?: number;
  /** Whether a message that no queue wants is an error. @default true - only a test turns it off, to see what would be lost. */
  mandatory?: boolean;
}

export interface PublishOptions {
  signal?: AbortSignal;
}

const WINDOW = 4;
const CONFIRM_TIMEOUT_MS = 30_000;
const GIVE_UP_AFTER_MS = 30 * 60_000;
const UNROUTABLE_FOR_MS = 30_000;

/** Publishes until the broker has confirmed: the same bytes under the same id after every refusal, silence or lost connection, so
 *  a message may arrive more than once. At most `window` messages are on their way; that is the back-pressure. */
export class Publisher {
  readonly #connection: Connection;
  readonly #logger: Logger;
  readonly #slots: Slots;
  readonly #confirmTimeoutMs: number;
  readonly #giveUpAfterMs: number;
  readonly #unroutableForMs: number;
  readonly #mandatory: boolean;
  #channel: Promise<PublishChannel | undefined> | undefined;

  constructor(connection: Connection, logger: Logger, options: PublisherOptions = {}) {
    this.#connection = connection;
    this.#logger = logger;
    this.#slots = new Slots(options.window ?? WINDOW);
    this.#confirmTimeoutMs = options.confirmTimeoutMs ?? CONFIRM_TIMEOUT_MS;
    this.#giveUpAfterMs = options.giveUpAfterMs ?? GIVE_UP_AFTER_MS;
    this.#unroutableForMs = options.unroutableForMs ?? UNROUTABLE_FOR_MS;
    this.#mandatory = options.mandatory ?? true;
  }

  /** Resolves when a queue has the message on disk. @throws PipelineError `MESSAGE_TOO_LARGE`, `MESSAGE_UNROUTABLE`, `BROKER_RIGHT_MISSING`,
   *  `PUBLISH_TIMEOUT` or `BROKER_CLOSED`, or the reason of the signal when that is aborted; in the last three cases the message
   *  may still have arrived. */
  async publish(message: Message, { signal }: PublishOptions = {}): Promise<void> {
    checkSize(message);
    await this.#slots.take(signal);
    try {
      await this.#deliver(message, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      this.#slots.release();
    }
  }

  async #deliver(message: Message, signal: AbortSignal | undefined): Promise<void> {
    const deadline = performance.now() + this.#giveUpAfterMs;
    let returnedAt: number | undefined;
    let outcome: Outcome = 'lost';
    for (let attempt = 0; performance.now() < deadline; attempt += 1) {
      outcome = await this.#attempt(message, deadline, signal);
      if (outcome === 'confirmed') return;
      if (outcome === 'forbidden') throw forbidden(message, this.#connection.user);
      if (outcome === 'unroutable') {
        returnedAt ??= performance.now();
        if (performance.now() - returnedAt >= this.#unroutableForMs) throw unroutable(message);
        await this.#assertAgain(deadline, signal);
      }
      if (attempt === 0)
        this.#logger.warn({ messageId: message.messageId }, `publishing again until confirmed: ${outcome}`);
      const pauseMs = Math.min(backoffMs(attempt + 1, BACKOFF), Math.max(0, deadline - performance.now()));
      await pause(pauseMs, signal);
      signal?.throwIfAborted();
    }
    throw gaveUp(message, outcome, this.#giveUpAfterMs);
  }

  async #attempt(message: Message, deadline: number, signal: AbortSignal | undefined): Promise<Outcome> {
    const channel = await within(unlessAborted(this.#openChannel(), signal), deadline - performance.now(), undefined);
    if (channel === undefined) return 'lost';
    const sent = unlessAborted(channel.send(message, this.#mandatory), signal);
    for (;;) {
      const timeLeftMs = deadline - performance.now();
      const outcome = await within(sent, Math.min(this.#confirmTimeoutMs, timeLeftMs), undefined);
      if (outcome !== undefined) return outcome;
      if (this.#connection.blocked !== null && performance.now() < deadline) continue;
      // A second copy on the same channel would only queue up behind the first.
      channel.abandon();
      return 'lost';
    }
  }

  /** Perhaps somebody has deleted the queue, and this service may declare it. If this fails, so will the next attempt. */
  async #assertAgain(deadline: number, signal: AbortSignal | undefined): Promise<void> {
    const prepared = this.#connection.prepareAgain().catch(() => undefined);
    await within(unlessAborted(prepared, signal), deadline - performance.now(), undefined);
  }

  /** The channel that is open or being opened, shared by the whole window; undefined when it could not be opened. */
  #openChannel(): Promise<PublishChannel | undefined> {
    if (this.#channel !== undefined) return this.#channel;
    const forget = () => {
      if (this.#channel === opening) this.#channel = undefined;
    };
    const opening = this.#connection.ready().then((model) =>
      PublishChannel.open(model, { logger: this.#logger, userId: this.#connection.user, onEnd: forget }).catch(
        (error: unknown) => {
          forget();
          if (brokerFailure(error) === undefined) throw error;
          return undefined;
        },
      ),
    );
    this.#channel = opening;
    return opening;
  }
}

function checkSize({ messageId, body }: Message): void {
  if (body.length <= BATCH_BYTES_MAX) return;
  // The broker would close the channel and fail the messages behind this one.
  throw new PipelineError({
    code: 'MESSAGE_TOO_LARGE',
    recovery: 'fail',
    message: `message ${messageId} has ${body.length} bytes, more than the ${BATCH_BYTES_MAX} a message may have`,
    context: { messageId, bytes: body.length },
  });
}

function unroutable({ messageId, exchange, routingKey }: Message): PipelineError {
  return new PipelineError({
    code: 'MESSAGE_UNROUTABLE',
    recovery: 'fail',
    message: `no queue takes ${routingKey} from exchange ${exchange}: is the scheduler up, which declares the queues?`,
    context: { messageId, exchange, routingKey },
  });
}

function forbidden({ messageId, exchange, routingKey }: Message, user = 'guest'): PipelineError {
  return new PipelineError({
    code: 'BROKER_RIGHT_MISSING',
    recovery: 'fix-config',
    message: `the user ${user} of RabbitMQ may not publish ${routingKey} to exchange ${exchange}: see docs/guides/roles.md for the rights of each service`,
    context: { messageId, exchange, routingKey },
  });
}

function gaveUp({ messageId, exchange }: Message, outcome: Outcome, afterMs: number): PipelineError {
  return new PipelineError({
    code: 'PUBLISH_TIMEOUT',
    recovery: 'retry',
    message: `exchange ${exchange} did not take message ${messageId} within ${afterMs / 1_000} s (last outcome: ${outcome})`,
    context: { messageId, exchange, outcome },
  });
}
