/** Where instants stand on the waterfall. A pause of nothing but waiting is folded, so that the rest stays readable. */
export interface TimeAxis {
  from: number;
  to: number;
  x: (at: number) => number;
  ticks: { x: number; ms: number }[];
  /** Pixels of a fold. */
  fold: { x: number; ms: number } | undefined;
}

const STEPS_MS = [
  100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
];
const HOURS_MS = 2 * 3_600_000;
const TICKS_MAX = 8;
/** A gap longer than this share of the axis is folded. */
const FOLD_SHARE = 0.3;
const FOLD_PX = 40;

/** @param busy spans in which something happened @param left and right pixels of the axis */
export function timeAxis(from: number, to: number, busy: [number, number][], left: number, right: number): TimeAxis {
  const length = Math.max(1, to - from);
  const gap = longestGap(from, to, busy);
  const isFolded = gap !== undefined && gap[1] - gap[0] > length * FOLD_SHARE;
  const [gapFrom, gapTo] = isFolded && gap !== undefined ? gap : [to, to];
  const folded = gapTo - gapFrom;
  const scale = (right - left - (isFolded ? FOLD_PX : 0)) / Math.max(1, length - folded);
  const x = (at: number) => {
    const inside = Math.min(to, Math.max(from, at));
    if (inside <= gapFrom) return left + (inside - from) * scale;
    if (inside >= gapTo) return left + (inside - from - folded) * scale + (isFolded ? FOLD_PX : 0);
    return left + (gapFrom - from) * scale + ((inside - gapFrom) / Math.max(1, folded)) * FOLD_PX;
  };
  const step =
    STEPS_MS.find((ms) => (length - folded) / ms <= TICKS_MAX) ??
    Math.ceil((length - folded) / TICKS_MAX / HOURS_MS) * HOURS_MS;
  const ticks = [];
  for (let ms = 0; ms <= length; ms += step) {
    const at = from + ms;
    if (at <= gapFrom || at >= gapTo) ticks.push({ x: x(at), ms });
  }
  return { from, to, x, ticks, fold: isFolded ? { x: x(gapFrom), ms: folded } : undefined };
}

function longestGap(from: number, to: number, busy: [number, number][]): [number, number] | undefined {
  let [reached, best] = [from, undefined as [number, number] | undefined];
  for (const [start, end] of busy.toSorted((a, b) => a[0] - b[0])) {
    if (start > reached && (best === undefined || start - reached > best[1] - best[0])) best = [reached, start];
    reached = Math.max(reached, end);
  }
  if (to > reached && (best === undefined || to - reached > best[1] - best[0])) best = [reached, to];
  return best;
}
