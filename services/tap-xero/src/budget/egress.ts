import type { ReadContext } from '@pipeline/tap-kit';
import type { Settings } from '../settings.ts';

const DAY_MS = 86_400_000;

/** A person is told each time a day's bytes of an organisation pass another one of these: at such a day's pace a month takes 3 of the 10 GB that
 *  Xero's smallest paid plan includes (developer.xero.com/pricing). */
export const EGRESS_STEP_BYTES = 100_000_000;

/** What an organisation has sent. */
export interface Received {
  /** Bytes of this UTC day, as far as this process has read. */
  today: number;
  /** The day's bytes have passed another {@link EGRESS_STEP_BYTES}. */
  isNews: boolean;
}

/** Counts what each organisation sends, as Xero's paid plans charge for it: bytes of bodies, compressed as they come. */
export class Egress {
  readonly #tenants = new Map<string, { pending: number; today: number; day: string }>();

  receive(tenant: string, bytes: number): void {
    this.#of(tenant).pending += bytes;
  }

  /** Books what came since the last time. @param now ISO 8601; its date is the day */
  book(tenant: string, now: string): Received {
    const count = this.#of(tenant);
    const day = now.slice(0, 10);
    const before = count.day === day ? count.today : 0;
    const today = before + count.pending;
    Object.assign(count, { pending: 0, today, day });
    return { today, isNews: Math.floor(today / EGRESS_STEP_BYTES) > Math.floor(before / EGRESS_STEP_BYTES) };
  }

  #of(tenant: string): { pending: number; today: number; day: string } {
    const known = this.#tenants.get(tenant) ?? { pending: 0, today: 0, day: '' };
    this.#tenants.set(tenant, known);
    return known;
  }
}

/** What this connection and process has received. */
export function egressOf({ cached }: Pick<ReadContext<Settings>, 'cached'>): Promise<Egress> {
  return cached('egress', DAY_MS, () => Promise.resolve(new Egress()));
}

/** `12.3 MB` */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
