import type { RateLimit } from '../http-policy.ts';
import { bucketOf, type RateLimiter } from './rate-limiter.ts';

interface Level {
  tokens: number;
  updatedAt: number;
}

/** Limits of one process: the Singer executable. The service shares its limits through PostgreSQL. */
export class MemoryRateLimiter implements RateLimiter {
  readonly #factor: number;
  readonly #now: () => number;
  readonly #levels = new Map<string, Level>();
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;
  #pausedUntil = 0;

  constructor(options: { factor: number; now: () => number }) {
    this.#factor = options.factor;
    this.#now = options.now;
  }

  reserve(limits: RateLimit[]): Promise<number> {
    const waits = limits.map((limit) => this.#take(limit));
    return Promise.resolve(Math.max(0, this.#pausedUntil - this.#now(), ...waits));
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

  #take(limit: RateLimit): number {
    const { capacity, tokensPerMs } = bucketOf(limit, this.#factor);
    const now = this.#now();
    const level = this.#levels.get(limit.name) ?? { tokens: capacity, updatedAt: now };
    const tokens = Math.min(capacity, level.tokens + (now - level.updatedAt) * tokensPerMs) - 1;
    this.#levels.set(limit.name, { tokens, updatedAt: now });
    return -tokens / tokensPerMs;
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
