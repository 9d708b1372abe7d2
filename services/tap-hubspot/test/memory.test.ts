import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { uncached } from '@pipeline/tap-kit/testing';
import { Settings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';
import { LargeAccount } from './support/large-account.ts';

const DEALS = 90_000;
/** By then everything that has a bound has reached it. */
const FIRST = 30_000;
const GROWTH_MAX_BYTES = 2_000_000;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** By how many bytes the heap is larger after 90,000 deals than after 30,000, with nothing that garbage collection could free.
 *  @param keep what the reader keeps of a page */
async function growth(keep: (records: readonly unknown[]) => void): Promise<number> {
  const deals = tap.streams.find(({ name }) => name === 'deals');
  if (deals === undefined) throw new RangeError('no deals');
  const account = new LargeAccount();
  account.volumes = { '0-3': { live: DEALS, archived: 0, changing: 0 } };
  const heap: number[] = [];
  let read = 0;
  const items = deals.read({
    ...{ settings: Settings.parse({ access_token: 'pat-na1-x' }), http: account.http, cached: uncached },
    ...{ bookmark: undefined, fullRead: true, startedAt: new Date(account.clock.now).toISOString() },
    ...{ isSelected: () => true, signal: new AbortController().signal },
  });
  for await (const item of items) {
    if (item.type !== 'records' || item.stream !== 'deals') continue;
    keep(item.records);
    read += item.records.length;
    if (read !== FIRST && read !== DEALS) continue;
    collectGarbage();
    heap.push(process.memoryUsage().heapUsed);
  }
  const [first = 0, last = 0] = heap;
  expect(heap.length).toBe(2);
  return last - first;
}

describe('the memory of a read', () => {
  it('does not grow with the number of records', async () => {
    expect(await growth(() => undefined)).toBeLessThan(GROWTH_MAX_BYTES);
  });

  it('would be seen to grow if only their ids were kept (mutation)', async () => {
    const kept: unknown[] = [];
    const keepIds = (records: readonly unknown[]) => {
      for (const record of records) kept.push(JSON.stringify(record).slice(0, 40).split('').join(''));
    };
    expect(await growth(keepIds)).toBeGreaterThan(GROWTH_MAX_BYTES);
    expect(kept.length).toBe(DEALS);
  });
});
