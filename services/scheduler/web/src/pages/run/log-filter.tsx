import { useLocation } from 'preact-iso';
import { Chips } from '../../parts/chips.tsx';
import { FindField } from '../../parts/find-field.tsx';
import type { LogPage } from '../../schema.ts';

interface LogFilterProps {
  filter: URLSearchParams;
  counts: LogPage['counts'] | undefined;
}

/** Level and text of the lines that are shown. They stand in the address, so that a link keeps them. */
export function LogFilter({ filter, counts }: LogFilterProps) {
  const { query, route, path } = useLocation();
  const addressWith = (name: string, value: string | undefined) => {
    const next = new URLSearchParams(filter);
    if (value === undefined || value === '') next.delete(name);
    else next.set(name, value);
    return `${path}${next.size > 0 ? `?${next}` : ''}`;
  };
  const level = (name: string | undefined) => ({
    href: addressWith('level', name),
    isCurrent: query['level'] === name,
  });
  return (
    <>
      <Chips
        label="Level"
        chips={[
          { label: 'All', count: counts?.all, ...level(undefined) },
          { label: 'Warnings', count: counts?.warn, icon: 'triangle-alert', ...level('warn') },
          { label: 'Errors', count: counts?.error, icon: 'octagon-x', ...level('error') },
        ]}
      />
      <FindField label="Find in log" value={query['q'] ?? ''} change={(text) => route(addressWith('q', text), true)} />
    </>
  );
}
