import { formatDuration } from '@pipeline/protocol/format';
import type { Bar } from '../../schema.ts';

/** Milliseconds. `now` is there while the cycle is live. */
export interface Axis {
  from: number;
  to: number;
  now: number | undefined;
}

const WIDTH = 230;
const LEAST_PX = 2;

/** When a pipeline was read in the cycle: solid is done, hatched has waited for a limit, an outline is expected. */
export function CycleBars({ bars, axis, isLive }: { bars: Bar[]; axis: Axis; isLive: boolean }) {
  const scale = WIDTH / Math.max(1, axis.to - axis.from);
  const x = (at: number) => Math.round(Math.min(WIDTH, Math.max(0, (at - axis.from) * scale)) * 10) / 10;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} 22`}
      width="100%"
      height="22"
      preserveAspectRatio="none"
      role="img"
      aria-label={sentence(bars, isLive)}
    >
      <path class="f-well" d={`M0 10h${WIDTH}v2H0z`} />
      {bars.map((bar) => (
        <Piece
          key={`${bar.kind} ${bar.from}`}
          kind={bar.kind}
          from={x(Date.parse(bar.from))}
          to={x(Date.parse(bar.to))}
          isLive={isLive}
        />
      ))}
      {axis.now !== undefined && <path class="s-ink" d={`M${x(axis.now)} 1v20`} />}
    </svg>
  );
}

function Piece({ kind, from, to, isLive }: { kind: Bar['kind']; from: number; to: number; isLive: boolean }) {
  const width = Math.max(LEAST_PX, to - from);
  if (kind === 'waited') return <rect fill="url(#hatch)" class="s-wait" x={from} y="6.5" width={width} height="9" />;
  if (kind === 'expected') return <rect class="s-quiet" fill="none" x={from} y="6.5" width={width} height="9" rx="2" />;
  const tone = kind === 'failed' ? 'f-fail' : isLive ? 'f-run' : 'f-ok';
  return <rect class={tone} x={from} y="6" width={width} height="10" rx="2" />;
}

function sentence(bars: Bar[], isLive: boolean): string {
  const total = (kinds: Bar['kind'][]) =>
    bars
      .filter(({ kind }) => kinds.includes(kind))
      .reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0);
  const [read, waited, expected] = [total(['done', 'failed', 'waited']), total(['waited']), total(['expected'])];
  const parts = [
    ...(read > 0 ? [`${isLive ? 'running for ' : ''}${formatDuration(read)}`] : []),
    ...(waited > 0 ? [`${formatDuration(waited)} of it waiting for a limit`] : []),
    ...(expected > 0 ? [`about ${formatDuration(expected)} to go`] : []),
  ];
  return parts.length === 0 ? 'not in this cycle' : parts.join(', ');
}
