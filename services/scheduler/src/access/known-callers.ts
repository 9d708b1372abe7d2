import { sha256 } from '@pipeline/control';
import { failureOf, isWaitedOut, type Pool } from '@pipeline/postgres';
import type { Request } from 'express';
import { type Caller, findCaller } from './caller.ts';

/** How long a caller is still known while PostgreSQL cannot say who it is. */
const KNOWN_MS = 15 * 60_000;
const CALLERS_MAX = 1_000;

/** Finds out who calls; while PostgreSQL is in trouble, those who called shortly before may go on reading, so that they see what the trouble is. */
export class KnownCallers {
  readonly #known = new Map<string, { caller: Caller; until: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @throws what PostgreSQL says, for a caller who is not known or wants to change something. */
  async find(pool: Pool, request: Request): Promise<Caller | undefined> {
    const key = sha256(`${request.get('authorization') ?? ''}\n${request.get('cookie') ?? ''}`).toString('hex');
    try {
      const caller = await findCaller(pool, request);
      this.#known.delete(key);
      if (caller !== undefined) this.#keep(key, caller);
      return caller;
    } catch (error) {
      const known = this.#known.get(key);
      const isValid = known !== undefined && known.until > this.#now();
      if (!isValid || request.method !== 'GET' || !isWaitedOut(failureOf(error))) throw error;
      return known.caller;
    }
  }

  #keep(key: string, caller: Caller): void {
    const [oldest] = this.#known.keys();
    if (this.#known.size >= CALLERS_MAX && oldest !== undefined) this.#known.delete(oldest);
    const until = Math.min(this.#now() + KNOWN_MS, caller.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY);
    this.#known.set(key, { caller, until });
  }
}
