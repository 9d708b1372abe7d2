/** A measurement at a moment, in milliseconds of any clock. */
export interface Sample {
  atMs: number;
  value: number;
}

const MINUTE_MS = 60_000;

/** By how much a value grows per minute: the median of the slopes between every two samples (Theil and Sen). What goes up and down, as memory does
 *  between two collections, and what jumps once, has none; what only ever goes up has, however slowly.
 *  @throws RangeError for fewer than three samples: they show nothing. */
export function growthPerMinute(samples: Sample[]): number {
  if (samples.length < 3) throw new RangeError(`${samples.length} samples show no growth`);
  const slopes = samples.flatMap((later, index) =>
    samples
      .slice(0, index)
      .filter((earlier) => earlier.atMs < later.atMs)
      .map((earlier) => (later.value - earlier.value) / (later.atMs - earlier.atMs)),
  );
  return median(slopes) * MINUTE_MS;
}

function median(values: number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const [low = 0, high = low] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return (low + high) / 2;
}
