import { performance } from 'node:perf_hooks';
import { errorCode, PipelineError } from '@pipeline/protocol';
import { within } from '@pipeline/resilience';

/** Tells why the service cannot do its work now, or null when it can. */
export type ReadinessCheck = () => string | null | Promise<string | null>;

export interface Readiness {
  isReady: boolean;
  /** `ok` or the reason, by the name of the check. */
  checks: Record<string, string>;
}

const CHECK_TIMEOUT_MS = 2_000;
const TICK_MS = 1_000;
/** A loop that stood still this long could not have kept a lease or a heartbeat. */
const LAG_MAX_MS = 5_000;

/** Alive: the event loop turns. Ready: started, not stopping, and every registered check is content. Being alive never
 *  depends on the database or the broker, or their failure would restart every service. */
export class Health {
  #state: 'starting' | 'started' | 'stopping' = 'starting';
  #lastTick = performance.now();
  readonly #checks = new Map<string, ReadinessCheck>();
  readonly #ticker = setInterval(() => {
    this.#lastTick = performance.now();
  }, TICK_MS).unref();

  /** Adds a check to `/readyz`. */
  register(name: string, check: ReadinessCheck): void {
    this.#checks.set(name, check);
  }

  started(): void {
    if (this.#state === 'starting') this.#state = 'started';
  }

  stopping(): void {
    this.#state = 'stopping';
    clearInterval(this.#ticker);
  }

  isAlive(): boolean {
    return this.#state === 'stopping' || performance.now() - this.#lastTick < TICK_MS + LAG_MAX_MS;
  }

  async readiness(): Promise<Readiness> {
    const reasons = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, (await ask(check)) ?? 'ok'] as const),
    );
    const checks = { service: this.#state === 'started' ? 'ok' : this.#state, ...Object.fromEntries(reasons) };
    return { isReady: Object.values(checks).every((reason) => reason === 'ok'), checks };
  }
}

async function ask(check: ReadinessCheck): Promise<string | null> {
  try {
    return await within(Promise.resolve(check()), CHECK_TIMEOUT_MS, `no response within ${CHECK_TIMEOUT_MS} ms`);
  } catch (error) {
    // The text of a driver's error may name users and addresses, and this page has no login.
    return error instanceof PipelineError ? error.message : `failed: ${errorCode(error) ?? 'unknown error'}`;
  }
}
