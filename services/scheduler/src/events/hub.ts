import { randomBytes } from 'node:crypto';
import { expectedFailure } from '@pipeline/postgres';
import type { Logger } from '@pipeline/protocol';
import type { Now } from '@pipeline/protocol/api';
import { type Loop, startLoop } from '@pipeline/resilience';
import type { Defects } from '@pipeline/service';
import type { Response } from 'express';
import { eventsBetween } from './diff.ts';
import type { OutgoingEvent } from './outgoing.ts';
import { EventRing } from './ring.ts';

const SNAPSHOT_MS = 1_000;
const COMMENT_MS = 15_000;
/** A client that is this far behind is dropped: it asks anew when it comes back. */
const BEHIND_BYTES_MAX = 1024 * 1024;
const CLIENTS_MAX = 1_000;

export interface HubDeps {
  read: () => Promise<Now>;
  /** New lines of the logs of these runs since the last call. */
  readLog: (runIds: string[]) => Promise<OutgoingEvent[]>;
  logger: Logger;
  defects: Defects;
}

interface Client {
  response: Response;
  topics: Set<string>;
  close: () => void;
}

/** Tells everybody who listens what has changed: one look a second while anybody does, one buffer for all. */
export class EventHub {
  readonly #deps: HubDeps;
  readonly #clients = new Set<Client>();
  readonly #ring = new EventRing(randomBytes(4).toString('hex'));
  #last: Now | undefined;
  #loop: Loop | undefined;
  #isLooking = false;
  #commentAt = 0;

  constructor(deps: HubDeps) {
    this.#deps = deps;
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Takes a response over. Returns false when there are too many already. */
  open(response: Response, options: { lastEventId: string | undefined; topics: string[] }): boolean {
    if (this.#clients.size >= CLIENTS_MAX) return false;
    // Before the client reads the page: what changes from then on is told.
    this.#loop ??= this.#startLooking();
    response.status(200).set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    const client: Client = { response, topics: new Set(options.topics), close: () => this.#drop(client) };
    response.on('close', client.close);
    response.on('error', client.close);
    response.write(this.#ring.since(options.lastEventId));
    this.#clients.add(client);
    return true;
  }

  /** Ends every stream: clients come back to whoever serves then. */
  close(): void {
    for (const { response } of this.#clients) response.end();
    this.#clients.clear();
    this.#rest();
  }

  #startLooking(): Loop {
    const { logger, defects } = this.#deps;
    const waiting = 'pages cannot be told what changes';
    const errors = { logger, waiting, expected: expectedFailure, onDefect: defects('events') };
    return startLoop({ everyMs: SNAPSHOT_MS, step: () => this.#look(), errors });
  }

  /** A look of clients that have left may still be under way. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const now = await this.#deps.read();
      const events = this.#last === undefined ? [] : eventsBetween(this.#last, now);
      this.#last = now;
      if (events.length > 0) this.#send(this.#ring.add(events));
      await this.#sendLogs();
      this.#comment();
    } finally {
      this.#isLooking = false;
    }
  }

  async #sendLogs(): Promise<void> {
    const topics = new Set([...this.#clients].flatMap(({ topics }) => [...topics]));
    if (topics.size === 0) return;
    for (const event of await this.#deps.readLog([...topics])) {
      const runId = 'runId' in event.data ? String(event.data.runId) : '';
      // Without an id: a client that comes back asks for the log by the last line that it has.
      const text = `event: ${event.name}\ndata: ${JSON.stringify(event.data)}\n\n`;
      for (const client of this.#clients) if (client.topics.has(runId)) this.#write(client, text);
    }
  }

  #comment(): void {
    if (performance.now() < this.#commentAt) return;
    this.#commentAt = performance.now() + COMMENT_MS;
    this.#send(': alive\n\n');
  }

  #send(text: string): void {
    const buffer = Buffer.from(text);
    for (const client of this.#clients) this.#write(client, buffer);
  }

  #write(client: Client, data: Buffer | string): void {
    if (client.response.writableLength > BEHIND_BYTES_MAX) {
      this.#drop(client);
      client.response.destroy();
      return;
    }
    client.response.write(data);
  }

  #drop(client: Client): void {
    this.#clients.delete(client);
    if (this.#clients.size === 0) this.#rest();
  }

  #rest(): void {
    void this.#loop?.stop();
    this.#loop = undefined;
    // What happens while nobody listens is not told later: who comes back asks anew.
    this.#last = undefined;
    this.#ring.forget();
  }
}
