import type { HttpResponse, ReadContext } from '@pipeline/tap-kit';
import { type Settings, wantedMinutes } from '../settings.ts';
import { CALLS_PLANNED, MINUTES, MINUTES_MIN, type Pace } from './pace.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Daily limits of Xero's plans (developer.xero.com/pricing): what is left after a call tells which one it is at least. */
const PLANS = [1_000, 5_000];

/** Runs do not begin to the second: a read that is due in less than this is due. */
const TOLERANCE_MS = 30_000;

/** Below the reserve only fast streams are read, and this many times more seldom. */
const SCARCE_FACTOR = 3;

export interface Due {
  isDue: boolean;
  /** How often, and why. */
  reason: string;
}

/** What a day of calls to one organisation is spent on. Learns the limit from the responses and says of each stream how often it may be read. */
export class CallBudget {
  readonly #settings: Settings;
  readonly #wanted: Map<string, number>;
  /** By tenant. */
  readonly #plans = new Map<string, number>();
  readonly #remaining = new Map<string, number>();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#wanted = wantedMinutes(settings);
  }

  /** Takes note of what a response says. */
  learn(tenant: string, { headers }: Pick<HttpResponse, 'headers'>): void {
    const remaining = remainingToday(headers);
    if (remaining === undefined) return;
    this.#remaining.set(tenant, remaining);
    const plan = PLANS.find((limit) => remaining < limit) ?? remaining;
    this.#plans.set(tenant, Math.max(plan, this.#plans.get(tenant) ?? 0));
  }

  /** Whether a stream is to be read now. @param readAt when it was last read, ISO 8601; undefined: never */
  due(tenant: string, stream: { name: string; pace: Pace }, readAt: string | undefined, now: string): Due {
    const { minutes, why } = this.#minutes(tenant, stream);
    const reason = minutes === 0 ? `read in every run: ${why}` : `read every ${Math.ceil(minutes)} minutes: ${why}`;
    if (readAt === undefined) return { isDue: true, reason };
    const age = Date.parse(now) - Date.parse(readAt);
    return { isDue: !(age < minutes * MINUTE_MS - TOLERANCE_MS), reason };
  }

  #minutes(tenant: string, { name, pace }: { name: string; pace: Pace }): { minutes: number; why: string } {
    const wanted = this.#wanted.get(name);
    if (wanted !== undefined) return { minutes: wanted, why: 'read_minutes says so' };
    if (this.#settings.pacing === 'off') return { minutes: 0, why: 'pacing is off' };
    const limit = this.#settings.requests_per_day ?? this.#plans.get(tenant) ?? PLANS[0] ?? 0;
    const budget = Math.floor(limit * this.#settings.daily_budget_fraction);
    const planned = Math.max(MINUTES_MIN[pace], (MINUTES[pace] * CALLS_PLANNED) / budget);
    const remaining = this.#remaining.get(tenant);
    if (remaining !== undefined && remaining <= limit - budget) {
      const why = `only ${remaining} of ${limit} calls are left today, and ${limit - budget} are kept for other apps`;
      return { minutes: pace === 'fast' ? planned * SCARCE_FACTOR : MINUTES.daily, why };
    }
    return { minutes: planned, why: `its share of ${budget} of ${limit} calls a day` };
  }
}

/** The budget of this connection and process. */
export function budgetOf({
  cached,
  settings,
}: Pick<ReadContext<Settings>, 'cached' | 'settings'>): Promise<CallBudget> {
  return cached('call budget', DAY_MS, () => Promise.resolve(new CallBudget(settings)));
}

/** Calls that are left today, as the last response says. */
export function remainingToday(headers: Record<string, string>): number | undefined {
  return count(headers['x-daylimit-remaining']);
}

export function count(text: string | undefined): number | undefined {
  const value = Number(text ?? Number.NaN);
  return Number.isInteger(value) && value >= 0 ? value : undefined;
}
