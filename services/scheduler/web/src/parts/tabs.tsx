import { formatNumber } from '@pipeline/protocol/format';

export interface Tab {
  /** Last part of the address; empty for the first. */
  id: string;
  label: string;
  count?: number | undefined;
}

/** Parts of a page, each with an address. */
export function Tabs({ label, base, current, tabs }: { label: string; base: string; current: string; tabs: Tab[] }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ id, label: word, count }) => (
        <a key={id} href={id === '' ? base : `${base}/${id}`} aria-current={id === current ? 'page' : undefined}>
          {word}
          {count !== undefined && ` ${formatNumber(count)}`}
        </a>
      ))}
    </nav>
  );
}
