import { Random } from '../../random.ts';

/** A generator for one row: the same seed, kind and position always draw the same, so that rows need not be kept. */
export function rowRandom(seed: number, salt: number, position: number): Random {
  return new Random(mix(mix(seed ^ Math.imul(salt, 0x9e3779b1)) + position));
}

/** The finaliser of MurmurHash3: neighbours in, unrelated numbers out. */
function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** An item, or nothing in this share of the draws. */
export function maybe<T>(random: Random, share: number, draw: () => T): T | null {
  const isThere = random.chance(share);
  const drawn = draw();
  return isThere ? drawn : null;
}

/** One or two values of a multiple-choice property: `EMAIL;PHONE`. */
export function someOf(random: Random, options: readonly string[]): string {
  const first = random.pick(options);
  const second = random.pick(options);
  return first === second ? first : `${first};${second}`;
}

export function isoDate(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

export function isoInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** Cents as a decimal string: `150050` is `1500.50`. */
export function fromCents(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
