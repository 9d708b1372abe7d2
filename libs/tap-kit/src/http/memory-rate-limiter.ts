import { AdaptiveShare } from './adaptive-share.ts';
import {
  type Bucket,
  bucketOf,
  type Counter,
  type CounterLevel,
  longestWait,
  type RateLimiter,
  type Turn,
} from './rate-limiter.ts';

interface Level {
  tokens: number;
  updatedAt: number;
}

/** Limits of one process: the Singer executable. The service shares its limits through PostgreSQL. */
export class MemoryRateLimiter implements RateLimiter {
  readonly #now: () => number;
  readonly #levels = new Map<string, Level>();
  readonly #share: AdaptiveShare;
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;
  #pausedUntil = 0;

  constructor(options: { factor: number; now: () => number }) {
    this.#now = options.now;
    this.#share = new AdaptiveShare(options);
  }

  reserve(counters: Counter[]): Promise<Turn> {
    const waits = counters.map((counter): [string, number] => [counter.name, this.#take(counter)]);
    return Promise.resolve(longestWait(waits, this.#pausedUntil - this.#now()));
  }

  follow(levels: CounterLevel[]): Promise<void> {
    for (const { counter, remaining } of levels) {
      const tokens = Math.min(this.#tokens(counter), remaining);
      this.#levels.set(nameOf(counter), { tokens, updatedAt: this.#now() });
    }
    return Promise.resolve();
  }

  slowDown(): void {
    this.#share.lower();
  }

  pause(ms: number): Promise<void> {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#now() + ms);
    return Promise.resolve();
  }

  async enter(slots: number, signal: AbortSignal): Promise<() => Promise<void>> {
    while (this.#inFlight >= slots) await this.#nextLeave(signal);
    this.#inFlight += 1;
    return () => {
      this.#inFlight -= 1;
      this.#waiting.shift()?.();
      return Promise.resolve();
    };
  }

  #take(counter: Counter): number {
    const tokens = this.#tokens(counter) - 1;
    this.#levels.set(nameOf(counter), { tokens, updatedAt: this.#now() });
    return -tokens / this.#bucket(counter).tokensPerMs;
  }

  #tokens(counter: Counter): number {
    const { capacity, tokensPerMs } = this.#bucket(counter);
    const level = this.#levels.get(nameOf(counter));
    if (level === undefined) return capacity;
    return Math.min(capacity, level.tokens + (this.#now() - level.updatedAt) * tokensPerMs);
  }

  #bucket(counter: Counter): Bucket {
    return bucketOf(counter, this.#share.factorOf(counter));
  }

  #nextLeave(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const wake = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(wake), 1);
        reject(signal.reason);
      };
      this.#waiting.push(wake);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}

function nameOf({ account = '', name }: Counter): string {
  return `${account}/${name}`;
}
