import { useLocation } from 'preact-iso';
import { Chips } from '../../parts/chips.tsx';
import { Earlier, usePages } from '../../parts/pages.tsx';
import { Empty, Part } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import type { RejectedItem } from '../../schema.ts';
import { RecordState } from './records-table.tsx';

const STATES = ['replayed', 'discarded', 'replaying'] as const;
const WORDS = { replayed: 'Loaded', discarded: 'Discarded', replaying: 'Being retried' };

/** What became of records that were set aside. */
export function Closed() {
  const { query } = useLocation();
  const status = STATES.find((state) => state === query['status']) ?? 'replayed';
  const pages = usePages<RejectedItem>(`/api/rejected-records?status=${status}&limit=100`);
  const { items } = pages;
  return (
    <>
      <Chips
        label="State"
        chips={STATES.map((state) => ({
          label: WORDS[state],
          href: `/quarantine/closed?status=${state}`,
          isCurrent: state === status,
        }))}
      />
      <Part query={pages.first}>
        {() =>
          items.length === 0 ? (
            <Empty icon="inbox" title={`None is ${WORDS[status].toLowerCase()}`} />
          ) : (
            <section class="card" aria-label={WORDS[status]}>
              <div class="scroll">
                <table class="hover">
                  <thead>
                    <tr>
                      <th>Stream</th>
                      <th>Key</th>
                      <th>Set aside</th>
                      <th class="wide">Reason</th>
                      <th>State</th>
                    </tr>
                  </thead>
                  <tbody>
                    {items.map((item) => (
                      <tr key={item.id} data-row="">
                        <td>
                          <a
                            href={`/streams/${item.connection}/${item.stream}`}
                          >{`${item.connection}.${item.stream}`}</a>
                        </td>
                        <td class="mono key">
                          <span class="cut">{item.key ?? ''}</span>
                        </td>
                        <td class="nowrap">
                          <Time at={item.rejectedAt} as="when" />
                        </td>
                        <td class="wide soft anywhere">{item.reason}</td>
                        <td>
                          <RecordState state={item.state} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <Earlier {...pages} />
            </section>
          )
        }
      </Part>
    </>
  );
}
