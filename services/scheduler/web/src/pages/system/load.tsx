import { formatDuration, formatNumber } from '@pipeline/protocol/format';
import { useEffect, useMemo } from 'preact/hooks';
import { lazy } from 'preact-iso';
import { useConnectionLabel } from '../../parts/connection-label.ts';
import { Part } from '../../parts/states.tsx';
import { invalidate, useResource } from '../../queries.ts';
import type { Load } from '../../schema.ts';

const Curve = lazy(() => import('../../parts/curve.tsx'));
const PATH = '/api/system/load';
const MINUTE_MS = 60_000;
const COLOURS = ['--d1', '--run-solid', '--wait-solid', '--d2'];
/** The curves move on by themselves. */
const STEP_MS = 15_000;

/** How fast it goes, and whether it gets slower. */
export function LoadCurves() {
  useEffect(() => {
    const timer = setInterval(() => invalidate([PATH]), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return <Part query={useResource<Load>(PATH)}>{(load) => <Curves load={load} />}</Part>;
}

function Curves({ load }: { load: Load }) {
  const labelOf = useConnectionLabel();
  const rows = useMemo(() => rowsPerMinute(load), [load]);
  const cycles = useMemo(() => load.cycles.map(({ startedAt }) => Date.parse(startedAt) / 1_000), [load]);
  const lines = rows.lines.map(({ pipeline, values }, index) => ({
    label: labelOf(pipeline.replace(/^pipeline_(.+)_to_postgres$/, '$1')),
    values,
    colour: COLOURS[index % COLOURS.length] ?? '--d1',
  }));
  const most = Math.max(0, ...load.minutes.map((each) => each.rows));
  const lengths = load.cycles.map(({ seconds }) => seconds);
  return (
    <>
      <section class="card" aria-labelledby="rows-a-minute">
        <header>
          <h2 id="rows-a-minute">Rows a minute</h2>
          <span class="end">last 3 hours</span>
        </header>
        {load.minutes.length === 0 ? (
          <p class="pad muted">Nothing was loaded in these hours.</p>
        ) : (
          <Curve
            at={rows.at}
            lines={lines}
            format={formatNumber}
            label={`Rows loaded a minute in the last 3 hours, at most ${formatNumber(most)}`}
          />
        )}
      </section>
      {lengths.length > 1 && (
        <section class="card" aria-labelledby="cycle-length">
          <header>
            <h2 id="cycle-length">How long a cycle takes</h2>
            <span class="end">last {lengths.length}</span>
          </header>
          <Curve
            at={cycles}
            lines={[{ label: 'cycle', values: lengths, colour: '--d1' }]}
            format={(seconds) => formatDuration(seconds * 1_000)}
            label={`The last ${lengths.length} cycles took ${formatDuration(Math.min(...lengths) * 1_000)} to ${formatDuration(Math.max(...lengths) * 1_000)}`}
          />
        </section>
      )}
    </>
  );
}

/** One value a minute and pipeline: a minute without a row is zero, not a line to the next one. */
function rowsPerMinute({ from, to, minutes }: Load) {
  const first = Math.ceil(Date.parse(from) / MINUTE_MS);
  const count = Math.max(1, Math.floor(Date.parse(to) / MINUTE_MS) - first + 1);
  const at = Array.from({ length: count }, (_, index) => (first + index) * (MINUTE_MS / 1_000));
  const byPipeline = new Map<string, number[]>();
  for (const { minute, pipeline, rows } of minutes) {
    const values = byPipeline.get(pipeline) ?? at.map(() => 0);
    byPipeline.set(pipeline, values);
    const place = Math.floor(Date.parse(minute) / MINUTE_MS) - first;
    if (place >= 0 && place < count) values[place] = (values[place] ?? 0) + rows;
  }
  return { at, lines: [...byPipeline].map(([pipeline, values]) => ({ pipeline, values })) };
}
