import { LegendEntry } from '../../parts/legend-entry.tsx';

export function Legend() {
  return (
    <div class="pad legend">
      <LegendEntry label="done" width={18} height={10}>
        <rect class="f-ok" width="18" height="10" rx="2" />
      </LegendEntry>
      <LegendEntry label="waited for a limit" width={18} height={10}>
        <rect fill="url(#hatch)" class="s-wait" width="18" height="10" />
      </LegendEntry>
      <LegendEntry label="expected" width={18} height={10}>
        <rect class="s-quiet" fill="none" x=".5" y=".5" width="17" height="9" rx="2" />
      </LegendEntry>
      <LegendEntry label="loaded" width={5} height={16}>
        <path class="f-quiet" d="M0 7h5v9H0z" />
      </LegendEntry>
      <LegendEntry label="with rejects" width={5} height={16}>
        <path class="f-warn" d="M0 0h5v4H0zM0 7h5v9H0z" />
      </LegendEntry>
      <LegendEntry label="failed" width={5} height={16}>
        <path class="f-fail" d="M0 0h5v16H0z" />
      </LegendEntry>
    </div>
  );
}
