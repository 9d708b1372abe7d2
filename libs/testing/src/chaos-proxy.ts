import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Direction = 'to-server' | 'to-client';

/** What a proxy does to every connection while it is set. */
export type Toxic =
  /** Every chunk of at most 64 KiB arrives this much later. */
  | { kind: 'latency'; ms: number }
  | { kind: 'throttle'; bytesPerSecond: number }
  /** Connections are accepted and stay open, and nothing passes, as behind a firewall that forgot them. */
  | { kind: 'black-hole' }
  /** A connection is reset once this many of its bytes have passed in this direction. */
  | { kind: 'cut'; bytes: number; direction: Direction }
  /** When the client has sent `after`, the server's next response is thrown away and the connection is reset: the server has done
   *  it and the client cannot know. At most `times` times. */
  | { kind: 'drop-response'; after: string; times: number };

/** Half open: each direction ends by itself, as TCP has it. */
const SOCKETS = { noDelay: true, allowHalfOpen: true };

interface Connection {
  sockets: Record<Direction, { from: Socket; to: Socket; passedBytes: number }>;
  /** The end of what the client has sent, for a pattern that two chunks share. */
  tail: Buffer;
  losesNextResponse: boolean;
  closed: AbortController;
}

/** A TCP proxy on 127.0.0.1 that disturbs what passes. Put it between a service and RabbitMQ or PostgreSQL. */
export class ChaosProxy {
  readonly host = '127.0.0.1';
  port = 0;
  /** Responses that `drop-response` has thrown away. */
  droppedResponses = 0;
  readonly #target: { host: string; port: number };
  readonly #listener = createServer(SOCKETS, (client) => this.#accept(client));
  readonly #connections = new Set<Connection>();
  #toxics: Toxic[] = [];
  #changed = Promise.withResolvers<void>();

  private constructor(target: { host: string; port: number }) {
    this.#target = target;
  }

  static async start(target: { host: string; port: number }): Promise<ChaosProxy> {
    const proxy = new ChaosProxy(target);
    proxy.#listener.listen(0, proxy.host);
    await once(proxy.#listener, 'listening');
    const address = proxy.#listener.address();
    if (typeof address === 'object' && address !== null) proxy.port = address.port;
    return proxy;
  }

  /** Connections open now. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Replaces what is done to the traffic, also of open connections. Without an argument it passes undisturbed. */
  set(...toxics: Toxic[]): void {
    this.#toxics = toxics.map((toxic) => ({ ...toxic }));
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Resets every open connection (RST). New ones are accepted. */
  reset(): void {
    for (const connection of this.#connections) this.#cut(connection);
  }

  async close(): Promise<void> {
    this.#listener.close();
    this.reset();
    await once(this.#listener, 'close');
  }

  #accept(client: Socket): void {
    const server = connect({ ...this.#target, ...SOCKETS });
    const connection: Connection = {
      sockets: {
        'to-server': { from: client, to: server, passedBytes: 0 },
        'to-client': { from: server, to: client, passedBytes: 0 },
      },
      tail: Buffer.alloc(0),
      losesNextResponse: false,
      closed: new AbortController(),
    };
    this.#connections.add(connection);
    const directions = [this.#pump(connection, 'to-server'), this.#pump(connection, 'to-client')];
    // Whatever ends one direction ends the other, by its end or by a reset.
    void Promise.all(directions).then(
      () => this.#connections.delete(connection),
      () => this.#cut(connection),
    );
  }

  async #pump(connection: Connection, direction: Direction): Promise<void> {
    const socket = connection.sockets[direction];
    socket.from.on('error', () => this.#cut(connection));
    for await (const data of socket.from) {
      const chunk: Buffer = data;
      await this.#delay(chunk, connection.closed.signal);
      if (this.#losesResponse(connection, direction, chunk)) return this.#cut(connection);
      const passing = chunk.subarray(0, this.#allowance(direction) - socket.passedBytes);
      socket.passedBytes += passing.length;
      const hasRoom = socket.to.write(passing);
      if (socket.passedBytes >= this.#allowance(direction)) {
        await new Promise((resolve) => socket.to.write('', resolve));
        return this.#cut(connection);
      }
      if (!hasRoom) await once(socket.to, 'drain', { signal: connection.closed.signal });
    }
    socket.to.end();
  }

  async #delay(chunk: Buffer, signal: AbortSignal): Promise<void> {
    for (const toxic of this.#toxics) {
      if (toxic.kind === 'latency') await sleep(toxic.ms, undefined, { signal });
      if (toxic.kind === 'throttle') await sleep((chunk.length / toxic.bytesPerSecond) * 1_000, undefined, { signal });
    }
    while (this.#toxics.some(({ kind }) => kind === 'black-hole')) {
      await Promise.race([this.#changed.promise, once(signal, 'abort')]);
      signal.throwIfAborted();
    }
  }

  #allowance(direction: Direction): number {
    const limits = this.#toxics.flatMap((toxic) =>
      toxic.kind === 'cut' && toxic.direction === direction ? [toxic.bytes] : [],
    );
    return Math.min(Number.POSITIVE_INFINITY, ...limits);
  }

  #losesResponse(connection: Connection, direction: Direction, chunk: Buffer): boolean {
    if (direction === 'to-client') {
      if (connection.losesNextResponse) this.droppedResponses += 1;
      return connection.losesNextResponse;
    }
    for (const toxic of this.#toxics) {
      if (toxic.kind !== 'drop-response' || toxic.times <= 0) continue;
      const sent = Buffer.concat([connection.tail, chunk]);
      connection.tail = sent.subarray(Math.max(0, sent.length - toxic.after.length + 1));
      if (!sent.includes(toxic.after)) continue;
      connection.losesNextResponse = true;
      toxic.times -= 1;
    }
    return false;
  }

  #cut(connection: Connection): void {
    connection.closed.abort();
    connection.sockets['to-server'].from.resetAndDestroy();
    connection.sockets['to-client'].from.resetAndDestroy();
    this.#connections.delete(connection);
  }
}
