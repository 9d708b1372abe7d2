import type { JsonObject } from '@pipeline/singer';
import { createdSecond, type Seconds } from './instant.ts';
import { idOf, PAGE_SIZE, type Page } from './page.ts';

export type Order = 'Asc' | 'Desc';

/** One direction in which the rows of a gap are read. */
export interface Walk {
  gap: Gap;
  readonly order: Order;
}

export interface Span {
  /** Undefined: since ever. */
  start: Seconds | undefined;
  end: Seconds;
}

/** A gap with fewer rows is not parted: each part costs a page that is not full. */
const SPLIT_ROWS_MIN = 16 * PAGE_SIZE;

/** Seconds of creation whose rows are not read yet. A walk from either end narrows it, page by page. A page's last second may hold more rows than
 *  the page, so it stays in the gap, and what came of it is known by its ids. */
export class Gap {
  #span: Span;
  /** An estimate of the rows in it: it only decides how many walk at once. */
  #left: number;
  #isClosed = false;
  readonly #walks = new Map<Order, Walk>();
  readonly #known = new Map<Order, ReadonlySet<string>>();

  constructor(span: Span, left = 0) {
    this.#span = span;
    this.#left = left;
  }

  get span(): Span {
    return this.#span;
  }

  get left(): number {
    return this.#left;
  }

  get isOpen(): boolean {
    const { start, end } = this.#span;
    return !this.#isClosed && (start === undefined || start < end);
  }

  /** Begins a walk, as long as those under way do not bring all that is left. */
  walk(): Walk | undefined {
    if (!this.isOpen || (this.#walks.size > 0 && this.#left <= this.#walks.size * PAGE_SIZE)) return undefined;
    const order = (['Asc', 'Desc'] as const).find((one) => !this.#walks.has(one));
    if (order === undefined) return undefined;
    const walk = { gap: this, order };
    this.#walks.set(order, walk);
    return walk;
  }

  /** Whether the walk is needed: another one may bring the rest. */
  needs({ order }: Walk): boolean {
    const isRestUnderWay = order === 'Desc' && this.#walks.has('Asc') && this.#left <= PAGE_SIZE;
    return this.isOpen && !isRestUnderWay;
  }

  leave({ order }: Walk): void {
    this.#walks.delete(order);
  }

  /** The rows of a page that no other page brought. */
  fresh(rows: readonly JsonObject[]): JsonObject[] {
    const { start, end } = this.#span;
    return rows.filter((row) => {
      const second = createdSecond(row);
      if (second !== undefined && (second < (start ?? second) || second >= end)) return false;
      return ![...this.#known.values()].some((ids) => ids.has(idOf(row)));
    });
  }

  /** Takes off what a page holds. @param asked the span that the page was asked for; @param last the second of its last row */
  narrow(order: Order, asked: Span, { rows, total }: Page, last: Seconds): void {
    const { start, end } = this.#span;
    const isExact = order === 'Asc' ? asked.end === end : asked.start === start;
    if (isExact && total !== undefined) this.#left = total - rows.length;
    else this.#left = Math.max(0, this.#left - rows.length);
    if (order === 'Asc') this.#span = { start: Math.max(last, start ?? last), end };
    else this.#span = { start, end: Math.min(last + 1, end) };
    this.#known.set(order, new Set(rows.filter((row) => createdSecond(row) === last).map(idOf)));
  }

  /** Takes off a whole second with everything beyond it. */
  pass(order: Order, second: Seconds): void {
    const { start, end } = this.#span;
    this.#span = order === 'Asc' ? { start: second + 1, end } : { start, end: second };
    this.#known.delete(order);
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Parts a large gap in the middle of its time.
   *  @returns the later part, which takes the walk from the end along; undefined when parting is not worth it. */
  split(): Gap | undefined {
    const { start, end } = this.#span;
    if (!this.isOpen || this.#left < SPLIT_ROWS_MIN || start === undefined || end - start < 2) return undefined;
    const middle = Math.floor((start + end) / 2);
    const later = new Gap({ start: middle, end }, Math.ceil(this.#left / 2));
    this.#span = { start, end: middle };
    this.#left = later.#left;
    const walk = this.#walks.get('Desc');
    const known = this.#known.get('Desc');
    if (walk !== undefined) {
      walk.gap = later;
      later.#walks.set('Desc', walk);
      this.#walks.delete('Desc');
    }
    if (known !== undefined) later.#known.set('Desc', known);
    this.#known.delete('Desc');
    return later;
  }
}
