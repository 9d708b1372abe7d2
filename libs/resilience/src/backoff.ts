/** How the pauses between tries grow, in milliseconds. */
export interface Backoff {
  firstMs: number;
  maxMs: number;
}

/** Doublings after which every pause is the longest: keeps 2 ** tries finite. */
const DOUBLINGS_MAX = 16;

/** The pause after this many tries, at least one, in milliseconds: doubles from `firstMs` to `maxMs`, half of it by chance, so that
 *  clients which failed together do not come back together. */
export function backoffMs(tries: number, { firstMs, maxMs }: Backoff, random: () => number = Math.random): number {
  const longest = Math.min(maxMs, firstMs * 2 ** Math.min(tries - 1, DOUBLINGS_MAX));
  return longest / 2 + (longest / 2) * random();
}
