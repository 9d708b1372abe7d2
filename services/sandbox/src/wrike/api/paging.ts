import { base32 } from '../company/ids.ts';
import { invalidParameter } from './responses.ts';

/** Where a page token goes on: so many matches of the query as it is asked again. A row that has left the matches in the
 *  meantime moves the rest up, and a reader who trusts the token alone misses one. */
export const changingTokens = {
  issue: (offset: number): string => `AFZ2V4QAAAAA6${'A'.repeat(12)}${base32(offset, 6)}`,
  offset: (token: string): number => {
    const digits = /^AFZ2V4QAAAAA6A{12}([A-Z2-7]{6})$/.exec(token)?.[1];
    if (digits === undefined) throw invalidParameter('nextPageToken');
    let offset = 0;
    for (const digit of digits) offset = offset * 32 + 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit);
    return offset;
  },
};

const CURSORS_MAX = 1_000;

/** The other style seen: the token stays the same from page to page, and the server remembers how far its owner is. */
export class StableTokens {
  readonly #offsets = new Map<string, number>();
  #next = 0;

  /** The offset at which the next page begins: 0 without a token. */
  offset(token: string | undefined): number {
    if (token === undefined) return 0;
    const offset = this.#offsets.get(token);
    if (offset === undefined) throw invalidParameter('nextPageToken');
    return offset;
  }

  /** Keeps where to go on, under the token of the request or a new one. */
  keep(token: string | undefined, offset: number): string {
    const kept = token ?? `AFZ2STABLE${base32(this.#next++, 6)}`;
    this.#offsets.set(kept, offset);
    const [oldest] = this.#offsets.keys();
    if (this.#offsets.size > CURSORS_MAX && oldest !== undefined) this.#offsets.delete(oldest);
    return kept;
  }
}

/** One page out of the matches. */
export function cut(matches: Iterable<number>, offset: number, size: number): number[] {
  const page: number[] = [];
  let passed = 0;
  for (const number of matches) {
    if (passed >= offset) page.push(number);
    passed += 1;
    if (page.length === size) break;
  }
  return page;
}
