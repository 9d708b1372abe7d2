import { formatMinute, formatNumber } from '@pipeline/protocol/format';
import { now, zone } from '../../clock.ts';
import { StackedColumns } from '../../parts/bars.tsx';
import type { Now } from '../../schema.ts';

const HOURS = 24;
const HOUR_MS = 3_600_000;
const TONES = ['d3', 'd2', 'd1'];

/** Rows of each hour by pipeline, the newest hour at the right. */
export function RowsLoaded({ hours, pipelines }: { hours: Now['rowsPerHour']; pipelines: Now['pipelines'] }) {
  const lastHour = Math.floor(now.value / HOUR_MS);
  const layers = pipelines.map(({ name, label }, index) => {
    const values = Array.from({ length: HOURS }, () => 0);
    for (const { hour, pipeline, rows } of hours) {
      const place = HOURS - 1 - (lastHour - Math.floor(Date.parse(hour) / HOUR_MS));
      if (pipeline === name && place >= 0 && place < HOURS) values[place] = (values[place] ?? 0) + rows;
    }
    return { name, label, tone: TONES[index % TONES.length] ?? 'd2', values };
  });
  const total = layers.flatMap(({ values }) => values).reduce((sum, rows) => sum + rows, 0);
  return (
    <section class="card" aria-labelledby="loaded">
      <header>
        <h2 id="loaded">Rows loaded in 24 hours</h2>
        <span class="end">
          <b class="strong num">{formatNumber(total)}</b>
        </span>
      </header>
      <div class="pad">
        <StackedColumns
          layers={layers.map(({ tone, values }) => ({ tone: `k-${tone}`, values }))}
          width={420}
          height={96}
          label={`Rows loaded in each of the last 24 hours, by pipeline: ${formatNumber(total)} in all`}
        />
        <div class="axis" aria-hidden="true">
          <span>{formatMinute((lastHour - HOURS + 1) * HOUR_MS, zone.value)}</span>
          <span>{formatMinute((lastHour - HOURS / 2 + 1) * HOUR_MS, zone.value)}</span>
          <span>now</span>
        </div>
        <div class="legend">
          {layers.toReversed().map(({ name, label, tone }) => (
            <span key={name}>
              <svg width="9" height="9" aria-hidden="true">
                <rect class={`f-${tone}`} width="9" height="9" rx="2" />
              </svg>
              {label}
            </span>
          ))}
        </div>
      </div>
    </section>
  );
}
