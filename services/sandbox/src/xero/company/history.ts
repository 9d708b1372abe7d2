import { scramble } from './scramble.ts';

export const DAY_MS = 86_400_000;

/** Days of past that the company has on its first day. */
const HISTORY_DAYS = 400;

/** When things happened before the sandbox started. Everything lies before `end`, the last midnight before the start. */
export class History {
  readonly end: number;
  readonly #begin: number;

  constructor(now: number) {
    this.end = Math.floor(now / DAY_MS) * DAY_MS;
    this.#begin = this.end - HISTORY_DAYS * DAY_MS;
  }

  /** The day on which row `row` of `count` came into being, at midnight: later rows, later days. */
  dayOf(row: number, count: number): number {
    return this.#begin + Math.floor((row / count) * HISTORY_DAYS) * DAY_MS;
  }

  /** A day `min` to `max` days later, as far as it is past. */
  daysAfter(day: number, min: number, max: number, salt: number): number {
    return Math.min(day + (min + (scramble(salt) % (max - min + 1))) * DAY_MS, this.end);
  }

  /** An instant within the six weeks after the day. */
  instantAfter(day: number, salt: number): number {
    const room = Math.min(42 * DAY_MS, this.end - day);
    return day + (scramble(salt) % room);
  }
}
