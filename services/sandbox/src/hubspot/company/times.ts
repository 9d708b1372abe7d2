import { rowRandom } from './draw.ts';

export const DAY_MS = 86_400_000;

/** The company was founded on this day, and its history ends before anyone reads it. */
export const HISTORY_START = Date.UTC(2023, 0, 2, 8);
export const HISTORY_END = Date.UTC(2025, 11, 31, 18);

/** Rows of the import: this part of every kind of object was last changed in one and the same millisecond. */
const IMPORT_FROM = 0.4;
const IMPORT_TO = 0.5;
const IMPORT_AT = Date.UTC(2025, 5, 1, 3, 0, 0, 250);

const TIMES_SALT = 99;

/** When an object of the founding data was created and last changed. Later objects have greater ids, as at HubSpot. */
export function foundingTimes(
  seed: number,
  position: number,
  count: number,
): { createdAt: number; modifiedAt: number } {
  const random = rowRandom(seed, TIMES_SALT, position);
  const share = position / count;
  const step = (HISTORY_END - HISTORY_START) / count;
  const createdAt = Math.floor(HISTORY_START + share * (HISTORY_END - HISTORY_START) + random.next() * step * 0.9);
  if (share >= IMPORT_FROM && share < IMPORT_TO)
    return { createdAt: Math.min(createdAt, IMPORT_AT), modifiedAt: IMPORT_AT };
  return { createdAt, modifiedAt: Math.floor(createdAt + random.next() ** 2 * (HISTORY_END - createdAt)) };
}
