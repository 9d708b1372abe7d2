import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { zone } from '../clock.ts';
import { shownTheme } from '../theme.ts';

export interface Line {
  label: string;
  /** One for each instant; null: none. */
  values: (number | null)[];
  /** A custom property: `--d1`. */
  colour: string;
}

interface CurveProps {
  /** Epoch seconds, growing. */
  at: number[];
  lines: Line[];
  /** A value as the axis and the legend write it. */
  format: (value: number) => string;
  /** What the picture says. */
  label: string;
}

const HEIGHT_PX = 150;
const clock = uPlot.fmtDate('{HH}:{mm}');
const AXIS_PX = 56;

/** A curve over time with the values under the pointer; loaded when a page has one. */
export default function Curve({ at, lines, format, label }: CurveProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const theme = shownTheme.value;
  const shape = `${theme} ${zone.value} ${lines.map((line) => line.label).join()}`;
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const made = new uPlot(optionsOf(element, lines, format), [at, ...lines.map(({ values }) => values)], element);
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
    };
  }, [shape]);
  useEffect(() => plot.current?.setData([at, ...lines.map(({ values }) => values)]), [at, lines]);
  return <div ref={box} class="curve" role="img" aria-label={label} />;
}

function optionsOf(element: HTMLElement, lines: Line[], format: (value: number) => string): uPlot.Options {
  const colourOf = (name: string) => {
    element.style.color = `var(${name})`;
    const { color } = getComputedStyle(element);
    element.style.color = '';
    return color;
  };
  const inZone = (date: Date) => (zone.value === undefined ? date : uPlot.tzDate(date, zone.value));
  const axis = { stroke: colourOf('--ink-3'), font: '11px Inter Variable', ticks: { show: false } };
  const grid = { stroke: colourOf('--line'), width: 1 };
  return {
    width: element.clientWidth,
    height: HEIGHT_PX,
    tzDate: (seconds) => inZone(new Date(seconds * 1_000)),
    cursor: { y: false, drag: { x: false, y: false } },
    axes: [
      { ...axis, grid: { show: false }, values: '{HH}:{mm}' },
      { ...axis, grid, size: AXIS_PX, values: (_, values) => values.map(format) },
    ],
    scales: { y: { range: (_, _least, most) => [0, Math.max(1, most * 1.1)] } },
    series: [
      {
        label: '',
        value: (_: uPlot, seconds: number | null) => (seconds === null ? '' : clock(inZone(new Date(seconds * 1_000)))),
      },
      ...lines.map(({ label, colour }) => ({
        label,
        stroke: colourOf(colour),
        width: 1.5,
        points: { show: false },
        value: (_: uPlot, value: number | null) => (value === null ? '' : format(value)),
      })),
    ],
  };
}
