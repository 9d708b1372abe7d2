import { formatNumber } from '@pipeline/protocol/format';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-names.ts';
import type { Now } from '../schema.ts';

interface Item {
  label: string;
  href: string;
  icon: IconName;
  /** After `g`. */
  key: string;
}

const ITEMS: readonly Item[] = [
  { label: 'Now', href: '/', icon: 'activity', key: 'n' },
  { label: 'Runs', href: '/runs', icon: 'history', key: 'r' },
  { label: 'Streams', href: '/streams', icon: 'table-2', key: 's' },
  { label: 'Connections', href: '/connections', icon: 'plug', key: 'c' },
  { label: 'Quarantine', href: '/quarantine', icon: 'inbox', key: 'q' },
  { label: 'Models', href: '/models', icon: 'waypoints', key: 'm' },
  { label: 'System', href: '/system', icon: 'heart-pulse', key: 'y' },
];

/** The keys that lead to a page, after `g`. */
export const PAGE_KEYS: ReadonlyMap<string, Item> = new Map(ITEMS.map((item) => [item.key, item]));

/** A phone has room for five; the others stand in its top bar. */
const PHONE = new Set(['/', '/runs', '/streams', '/quarantine', '/models']);

type Counts = Now['counts'] | undefined;

export function SideNav({ path, counts, search }: { path: string; counts: Counts; search: () => void }) {
  return (
    <nav class="nav" aria-label="Pages">
      <button type="button" onClick={search} aria-keyshortcuts="Control+K">
        <Icon name="search" />
        <span class="label">Search</span>
        <kbd>Ctrl K</kbd>
      </button>
      {ITEMS.map((item) => (
        <NavLink key={item.href} item={item} path={path} counts={counts}>
          <kbd>g {item.key}</kbd>
        </NavLink>
      ))}
    </nav>
  );
}

export function BottomNav({ path, counts }: { path: string; counts: Counts }) {
  return (
    <nav class="bottom" aria-label="Pages, short">
      {ITEMS.filter(({ href }) => PHONE.has(href)).map((item) => (
        <NavLink key={item.href} item={item} path={path} counts={counts} />
      ))}
    </nav>
  );
}

function NavLink({
  item: { href, icon, label },
  path,
  counts,
  children,
}: {
  item: Item;
  path: string;
  counts: Counts;
  children?: preact.ComponentChildren;
}) {
  const isCurrent = href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
  const badge = badgeOf(href, counts);
  return (
    <a href={href} aria-current={isCurrent ? 'page' : undefined}>
      <Icon name={icon} />
      <span class="label">{label}</span>
      {badge === undefined ? children : badge}
    </a>
  );
}

function badgeOf(href: string, counts: Counts) {
  if (counts === undefined) return undefined;
  const aside = counts.rejected + counts.deadLetters;
  if (href === '/quarantine' && aside > 0) {
    return (
      <span class="count warn">
        {formatNumber(aside)}
        <span class="vh"> set aside</span>
      </span>
    );
  }
  if (href === '/models' && counts.failingNodes > 0) {
    return (
      <span class="count fail">
        {formatNumber(counts.failingNodes)}
        <span class="vh"> failing</span>
      </span>
    );
  }
  return undefined;
}
