import { formatNumber } from '@pipeline/protocol/format';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-names.ts';

export interface Chip {
  label: string;
  href: string;
  isCurrent: boolean;
  icon?: IconName;
  count?: number | undefined;
}

/** Filters as links: each view has an address. */
export function Chips({ label, chips }: { label: string; chips: Chip[] }) {
  return (
    <nav class="chips" aria-label={label}>
      {chips.map(({ label: word, href, isCurrent, icon, count }) => (
        <a key={href} class="chip" href={href} aria-current={isCurrent ? 'true' : undefined}>
          {icon !== undefined && <Icon name={icon} />}
          {word}
          {count !== undefined && ` ${formatNumber(count)}`}
        </a>
      ))}
    </nav>
  );
}
