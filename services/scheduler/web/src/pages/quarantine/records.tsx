import { formatNumber } from '@pipeline/protocol/format';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { send } from '../../api.ts';
import { Action, may } from '../../parts/action.tsx';
import { FindField } from '../../parts/find-field.tsx';
import { Earlier, usePages } from '../../parts/pages.tsx';
import { Part } from '../../parts/states.tsx';
import type { RejectedGroup, RejectedItem } from '../../schema.ts';
import { OneRecord } from './one-record.tsx';
import { RecordsTable } from './records-table.tsx';

const PAGE_ROWS = 50;

/** The records of a group: the newest of each key, or all. */
export function Records({ group }: { group: RejectedGroup }) {
  const { query, route } = useLocation();
  const [selected, select] = useState<ReadonlySet<string>>(new Set());
  const isNewest = query['newest'] !== '0';
  const link = (changes: Record<string, string>) => {
    const kept = Object.entries({ ...query, group: group.id, ...changes }).filter(([, value]) => value !== '');
    return `/quarantine?${new URLSearchParams(kept)}`;
  };
  const search = new URLSearchParams({
    group: group.id,
    limit: String(PAGE_ROWS),
    ...(isNewest ? { newest: 'true' } : {}),
  });
  if (query['q']) search.set('q', query['q']);
  const path = `/api/rejected-records?${search}`;
  const pages = usePages<RejectedItem>(path);
  const { first: records, items } = pages;
  return (
    <>
      <section class="card" aria-labelledby="records">
        <header>
          <h2 id="records">Records</h2>
          <span class="end">
            <label>
              <input
                type="checkbox"
                checked={isNewest}
                onChange={() => route(link({ newest: isNewest ? '0' : '' }), true)}
              />{' '}
              newest of each key
            </label>
            <FindField label="Key or text" value={query['q'] ?? ''} change={(q) => route(link({ q }), true)} />
          </span>
        </header>
        <Part query={records}>
          {() => (
            <RecordsTable
              items={items}
              selected={selected}
              select={select}
              shown={query['id']}
              link={(id) => link({ id })}
            />
          )}
        </Part>
        <div class="pad btns small muted line">
          <span>
            {formatNumber(items.length)} of{' '}
            {formatNumber(isNewest && !query['q'] ? group.keys : (records.data?.total ?? group.count))}
          </span>
          {selected.size > 0 && <SelectedButtons ids={[...selected]} />}
        </div>
        <Earlier {...pages} />
      </section>
      {query['id'] && may('operator') && <OneRecord key={query['id']} id={query['id']} />}
    </>
  );
}

function SelectedButtons({ ids }: { ids: string[] }) {
  const close = (verb: 'replay' | 'discard') => async () =>
    (await send<{ message: string }>('POST', `/api/rejected-records/${verb}`, { ids })).message;
  const count = formatNumber(ids.length);
  return (
    <>
      <Action label={`Retry ${count} selected`} icon="refresh-cw" run={close('replay')} />
      <Action
        class="danger"
        label={`Discard ${count} selected…`}
        question={() => ({
          title: `Discard ${count} records?`,
          label: `Discard ${count}`,
          isDanger: true,
          expect: String(ids.length),
          body: <p>They are not loaded until the source changes them again or you refresh the stream.</p>,
        })}
        run={close('discard')}
      />
    </>
  );
}
