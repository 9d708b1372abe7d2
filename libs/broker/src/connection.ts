import { errorMessage, type Logger, PipelineError } from '@pipeline/protocol';
import { backoffMs, judgeErrors, pause, within } from '@pipeline/resilience';
import { type ChannelModel, connect } from 'amqplib';
import { BACKOFF } from './backoff.ts';
import { brokerFailure } from './broker-failure.ts';

export interface ConnectionOptions {
  url: string;
  /** Shown in the broker's management page: `loader (publish)`. */
  name: string;
  logger: Logger;
  /** Runs on every new connection before anybody else gets it. */
  prepare(model: ChannelModel): Promise<void>;
  /** Counts an error that nobody expected of a reconnect. */
  onDefect: () => void;
}

const HEARTBEAT_SECONDS = 15;
const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 2_000;
const KEEP_ALIVE_DELAY_MS = 30_000;

/** An alarm of the broker: it takes nothing from whoever publishes. */
export interface Blocked {
  /** `low on memory`, `low on disk` */
  because: string;
  since: Date;
}

interface Opened {
  model: ChannelModel;
  closed: Promise<Error | undefined>;
}

/** A connection that is opened again whenever it is lost. Channels are not: their users ask for {@link ready} again and
 *  rebuild what they had. (amqplib's own recovery misses a connection that closes while it is being prepared.) */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #closing = new AbortController();
  #ready = withResolvers();
  #model: ChannelModel | undefined;
  #blocked: Blocked | null = null;

  private constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Connects once. @throws when that fails: the caller knows how long to wait for a broker that is not there yet. */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const connection = new Connection(options);
    const first = await connection.#connect();
    void connection.#supervise(first);
    return connection;
  }

  /** The user it logs in as. Undefined: the URL names none. */
  get user(): string | undefined {
    const { username } = new URL(this.#options.url);
    return username === '' ? undefined : decodeURIComponent(username);
  }

  get isConnected(): boolean {
    return this.#model !== undefined;
  }

  /** Why the broker takes nothing from us (an alarm of memory or disk), or null. */
  get blocked(): Blocked | null {
    return this.#blocked;
  }

  /** The connection as soon as there is one. @throws PipelineError `BROKER_CLOSED` after {@link close}. */
  ready(): Promise<ChannelModel> {
    return this.#ready.promise;
  }

  /** Prepares the present connection once more: what others deleted on the broker is there again. */
  async prepareAgain(): Promise<void> {
    await this.#options.prepare(await this.ready());
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    const model = this.#model;
    this.#lost();
    this.#ready.reject(
      new PipelineError({
        code: 'BROKER_CLOSED',
        recovery: 'fail',
        message: 'the connection to the broker was closed',
      }),
    );
    if (model !== undefined) await closeQuietly(model);
  }

  async #supervise(first: Opened): Promise<void> {
    const { logger } = this.#options;
    let opened: Opened | undefined = first;
    while (opened !== undefined) {
      this.#model = opened.model;
      this.#ready.resolve(opened.model);
      const error = await opened.closed;
      if (this.#closing.signal.aborted) return;
      this.#lost();
      logger.warn({}, `connection to the broker lost: ${error === undefined ? 'closed' : errorMessage(error)}`);
      opened = await this.#reconnect();
      if (opened !== undefined) logger.info({}, 'connection to the broker is back');
    }
  }

  /** Tries until it succeeds or this connection is closed: without a broker there is nothing else to do. */
  async #reconnect(): Promise<Opened | undefined> {
    const { signal } = this.#closing;
    const { logger, onDefect } = this.#options;
    const judge = judgeErrors({ logger, waiting: 'no connection', expected: brokerFailure, onDefect });
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      await pause(backoffMs(attempt + 1, BACKOFF), signal);
      if (signal.aborted) return undefined;
      try {
        const opened = await this.#connect();
        if (!signal.aborted) return opened;
        await closeQuietly(opened.model);
      } catch (error) {
        judge.failed(error);
      }
    }
    return undefined;
  }

  async #connect(): Promise<Opened> {
    const { url, name, prepare, logger } = this.#options;
    const model = await connect(withHeartbeat(url), {
      timeout: CONNECT_TIMEOUT_MS,
      noDelay: true,
      keepAlive: true,
      keepAliveDelay: KEEP_ALIVE_DELAY_MS,
      clientProperties: { connection_name: name },
    });
    const closed = new Promise<Error | undefined>((resolve) => model.once('close', resolve));
    // What 'error' tells, 'close' tells again; without a listener it would end the process.
    model.on('error', () => undefined);
    model.on('blocked', (reason) => {
      this.#blocked ??= { because: reason, since: new Date() };
      logger.warn({}, `the broker takes no messages: ${reason}`);
    });
    model.on('unblocked', () => {
      this.#blocked = null;
      logger.info({}, 'the broker takes messages again');
    });
    try {
      await prepare(model);
      return { model, closed };
    } catch (error) {
      await closeQuietly(model);
      throw error;
    }
  }

  #lost(): void {
    if (this.#model !== undefined) this.#ready = withResolvers();
    this.#model = undefined;
    this.#blocked = null;
  }
}

function withResolvers(): PromiseWithResolvers<ChannelModel> {
  const resolvers = Promise.withResolvers<ChannelModel>();
  // It may be rejected while nobody waits for it.
  resolvers.promise.catch(() => undefined);
  return resolvers;
}

function withHeartbeat(url: string): string {
  const address = new URL(url);
  if (!address.searchParams.has('heartbeat')) address.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  return address.href;
}

async function closeQuietly(model: ChannelModel): Promise<void> {
  const closing = model.close().catch(() => undefined);
  await within(closing, CLOSE_TIMEOUT_MS, undefined);
}
