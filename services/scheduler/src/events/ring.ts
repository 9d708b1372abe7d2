import type { OutgoingEvent } from './outgoing.ts';

const KEPT_MS = 10 * 60_000;
const KEPT_MAX = 5_000;
const RESET = 'event: reset\ndata: {}\n\n';
const RETRY = 'retry: 2000\n\n';

/** The events of the last ten minutes, for clients that come back. */
export class EventRing {
  readonly #boot: string;
  #next = 1;
  #kept: { n: number; at: number; text: string }[] = [];

  /** @param boot names this process: ids of another one mean nothing here */
  constructor(boot: string) {
    this.#boot = boot;
  }

  /** Numbers events and keeps them. Returns their text. */
  add(events: OutgoingEvent[]): string {
    const at = performance.now();
    const texts = events.map(({ name, data }) => {
      const n = this.#next;
      this.#next += 1;
      const text = `id: ${this.#boot}-${n}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
      this.#kept.push({ n, at, text });
      return text;
    });
    const tooOld = this.#kept.findIndex((event) => event.at >= at - KEPT_MS);
    this.#kept.splice(0, Math.max(tooOld, this.#kept.length - KEPT_MAX, 0));
    return texts.join('');
  }

  /** What a client has missed since an event; `reset` when that is gone, nothing for one that comes for the first time. */
  since(lastEventId: string | undefined): string {
    if (lastEventId === undefined || lastEventId === '') return `${RETRY}${this.#mark()}`;
    const [, boot, n] = /^([0-9a-f]{8})-(\d{1,15})$/.exec(lastEventId) ?? [];
    const last = Number(n);
    const isKnown = boot === this.#boot && last >= (this.#kept[0]?.n ?? this.#next) - 1 && last < this.#next;
    if (!isKnown) return `${RETRY}${RESET}${this.#mark()}`;
    return `${RETRY}${this.#kept
      .filter((event) => event.n > last)
      .map(({ text }) => text)
      .join('')}`;
  }

  forget(): void {
    this.#kept = [];
    // A gap: who was there before the rest must not believe that it has missed nothing.
    this.#next += 1;
  }

  /** An empty event that tells a client its position. */
  #mark(): string {
    return `id: ${this.#boot}-${this.#next - 1}\ndata:\n\n`;
  }
}
