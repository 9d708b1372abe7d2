import type { ComponentChildren } from 'preact';

export interface Kpi {
  label: string;
  value: ComponentChildren;
  note?: ComponentChildren;
  tone?: 'warn' | 'fail' | undefined;
}

/** Figures in a row, each with its name. */
export function Kpis({ items }: { items: Kpi[] }) {
  return (
    <dl class="kpis">
      {items.map(({ label, value, note, tone }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd class={tone}>
            {value}
            {note !== undefined && <small>{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
