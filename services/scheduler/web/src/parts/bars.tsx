/** Columns side by side as one path per colour: a few hundred cost two elements. */

export interface Column {
  /** From the foot up, in the unit of the others. */
  value: number;
  /** Class of the stroke. @default k-quiet */
  tone?: string;
  /** A dot at the top: something besides the value. */
  isMarked?: boolean;
  /** As high as there is room, whatever its value. */
  isFull?: boolean;
}

interface ColumnsProps {
  columns: Column[];
  width: number;
  height: number;
  /** Of a column with its gap. @default width / columns */
  step?: number;
  gap?: number;
  /** What the picture says; without it, it is decoration of a number that stands beside. */
  label?: string;
  fluid?: boolean;
  /** What the highest column stands for. @default the highest value */
  max?: number;
}

const MARK_PX = 4;
const LEAST_PX = 1.5;

export function Columns({
  columns,
  width,
  height,
  step = width / Math.max(1, columns.length),
  gap = 2,
  label,
  fluid,
  max,
}: ColumnsProps) {
  const highest = max ?? Math.max(1, ...columns.map(({ value }) => value));
  const room = columns.some(({ isMarked }) => isMarked) ? height - MARK_PX - 1 : height;
  const paths = new Map<string, string>();
  columns.forEach(({ value, tone = 'k-quiet', isMarked, isFull }, index) => {
    const x = round(step * index + (step - gap) / 2);
    const length = isFull ? height : Math.max(LEAST_PX, (Math.min(value, highest) / highest) * room);
    const path = `M${x} ${round(height - length)}V${height}${isMarked ? `M${x} 0v${MARK_PX}` : ''}`;
    paths.set(tone, (paths.get(tone) ?? '') + path);
  });
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={fluid ? '100%' : width}
      height={height}
      preserveAspectRatio="none"
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      {[...paths].map(([tone, d]) => (
        <path key={tone} class={tone} stroke-width={round(step - gap)} d={d} />
      ))}
    </svg>
  );
}

/** Columns of several layers, the first at the foot. Each layer is one path. */
export function StackedColumns({
  layers,
  width,
  height,
  label,
}: {
  layers: { tone: string; values: number[] }[];
  width: number;
  height: number;
  label: string;
}) {
  const count = Math.max(1, ...layers.map(({ values }) => values.length));
  const totals = Array.from({ length: count }, (_, index) =>
    layers.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  );
  const highest = Math.max(1, ...totals);
  const step = width / count;
  const feet = totals.map(() => height);
  const paths = layers.map(({ tone, values }) => {
    const d = values.map((value, index) => {
      const length = (value / highest) * height;
      const foot = feet[index] ?? height;
      feet[index] = foot - length;
      return value === 0
        ? ''
        : `M${round(step * (index + 0.5))} ${round(foot - length)}V${round(foot - (length > 2 ? 0.8 : 0))}`;
    });
    return { tone, d: d.join('') };
  });
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      height={height}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {paths.map(({ tone, d }) => (
        <path key={tone} class={tone} stroke-width={round(step * 0.72)} d={d} />
      ))}
    </svg>
  );
}

const round = (value: number) => Math.round(value * 10) / 10;
