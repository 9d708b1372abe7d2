import type { State } from '@pipeline/singer';
import type { StreamRead } from '@pipeline/tap-kit/testing';
import { Random } from '../../sandbox/src/random.ts';
import { tap } from '../src/tap.ts';
import { startXero, type XeroSandbox, type XeroSandboxOptions } from './xero-sandbox.ts';

/** What the engine relies on, taken away one by one: then the warehouse is wrong, and the comparison says so. */
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const CALLS_A_DAY = 12;

let xero: XeroSandbox;
afterEach(() => xero.close());

function change(count: number): void {
  const random = new Random(9);
  for (let done = 0; done < count; done += 1) xero.api.mutate(random);
}

async function differencesAfterChanges(alter: (read: StreamRead) => StreamRead): Promise<string[]> {
  xero = await startXero({ streams: ['invoices'], alter });
  await xero.cycle();
  xero.clock.now += 60 * MINUTE_MS;
  change(200);
  await xero.cycle();
  return xero.differences();
}

describe('after lines were edited, added and removed', () => {
  it('the warehouse is exact', async () => {
    expect(await differencesAfterChanges((read) => read)).toEqual([]);
  });

  it('it is not when lines are not replaced together with their document (mutation)', async () => {
    const differences = await differencesAfterChanges((read) => ({ ...read, deletes: new Map() }));
    expect(differences).toContainEqual(expect.stringMatching(/^invoice_line_items .* is left over/));
  });
});

/** Changes that bear an instant before the read and show only after it: Xero was still writing them. */
async function differencesAfterLateChanges(lookbackMinutes: number): Promise<string[]> {
  xero = await startXero({ streams: ['invoices'] });
  xero.session.settings.lookback_minutes = lookbackMinutes;
  await xero.cycle();
  xero.clock.now -= 3 * MINUTE_MS;
  change(100);
  xero.clock.now += 60 * MINUTE_MS;
  await xero.cycle();
  return xero.differences();
}

describe('changes that were still being written when they were asked for', () => {
  it('come with the next read', async () => {
    expect(await differencesAfterLateChanges(5)).toEqual([]);
  });

  it('would be lost without the look-back (mutation)', async () => {
    expect(await differencesAfterLateChanges(0)).not.toEqual([]);
  });
});

/** 30 pages, and 12 calls a day. */
async function daysOfFirstLoad(alter: XeroSandboxOptions['alter']): Promise<number> {
  const [invoices] = tap.streams.filter(({ name }) => name === 'invoices');
  if (invoices === undefined) throw new Error('no invoices');
  const more = { deals: 200, pageSize: 7, callsPerDay: CALLS_A_DAY, rateLimitFactor: 1, streams: ['invoices'] };
  xero = await startXero({ ...more, ...(alter && { alter }) });
  for (let day = 1; day <= 5; day += 1) {
    const { isComplete } = await xero.read(invoices);
    if (isComplete) return day;
    xero.clock.now += DAY_MS;
  }
  return Number.POSITIVE_INFINITY;
}

describe('a first load of more pages than a day has calls', () => {
  it('goes on where the day before ended', async () => {
    expect(await daysOfFirstLoad(undefined)).toBe(3);
    expect(xero.differences()).toEqual([]);
  });

  it('would never end if each day began at the first page (mutation)', async () => {
    const forget = (state: State): State => ({ ...state, bookmarks: {} });
    const days = await daysOfFirstLoad((read) => (read.isComplete ? read : { ...read, state: forget(read.state) }));
    expect(days).toBe(Number.POSITIVE_INFINITY);
  });
});
