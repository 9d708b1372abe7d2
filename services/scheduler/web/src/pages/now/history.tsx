import { formatDuration, formatWhen } from '@pipeline/protocol/format';
import { useLocation } from 'preact-iso';
import { now, zone } from '../../clock.ts';
import { Columns } from '../../parts/bars.tsx';
import type { HistoryBar } from '../../schema.ts';

const SHOWN = 40;
const STEP = 7;
const WIDTH = SHOWN * STEP - 2;

const TONES: Partial<Record<HistoryBar['state'], string>> = {
  failed: 'k-fail',
  running: 'k-run',
  incomplete: 'k-warn',
};

/** The last 40 cycles: as high as they were long, all the way up when they failed, with a dot when records were set aside. Each leads to its run. */
export function History({ history, path }: { history: HistoryBar[]; path: string }) {
  const { route } = useLocation();
  if (history.length === 0) return null;
  const shown = history.slice(-SHOWN);
  const missing = Array.from({ length: SHOWN - shown.length }, () => ({ value: 0, tone: 'k-none' }));
  const columns = shown.map(({ seconds, state, rejected }) => ({
    value: seconds,
    tone: TONES[state] ?? (rejected > 0 ? 'k-warn' : 'k-quiet'),
    isMarked: rejected > 0,
    isFull: state === 'failed',
  }));
  const at = (event: MouseEvent & { currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return shown[Math.floor(((event.clientX - left) / width) * SHOWN) - missing.length];
  };
  // One target for forty bars: the same runs stand in the list of runs, for the keyboard.
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse
    // biome-ignore lint/a11y/useKeyWithClickEvents: a shortcut for the mouse
    <span
      class="history"
      onMouseMove={(event) => {
        const bar = at(event);
        event.currentTarget.title =
          bar === undefined
            ? ''
            : `${formatWhen(bar.startedAt, now.peek(), zone.peek())}, ${bar.state}, ${formatDuration(bar.seconds * 1_000)}`;
      }}
      onClick={(event) => {
        const bar = at(event);
        if (bar !== undefined) route(path === '/runs' ? `/runs/${bar.id}` : path);
      }}
    >
      <Columns columns={[...missing, ...columns]} width={WIDTH} height={22} step={STEP} label={sentence(shown)} fluid />
    </span>
  );
}

/** `34 loaded, 5 failed, 3 with rejects`. */
function sentence(bars: HistoryBar[]): string {
  const counts = new Map<string, number>();
  for (const { state } of bars) counts.set(state, (counts.get(state) ?? 0) + 1);
  const rejects = bars.filter(({ rejected }) => rejected > 0).length;
  return [
    ...[...counts].map(([state, count]) => `${count} ${state}`),
    ...(rejects > 0 ? [`${rejects} with rejects`] : []),
  ].join(', ');
}
