import { emptyState, type State } from '@pipeline/singer';
import { readStream } from '@pipeline/tap-kit/testing';
import { Settings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';
import { LargeAccount, type Purpose, type Volume } from './support/large-account.ts';

const CYCLE_MS = 300_000;
const CYCLES_PER_DAY = 288;
/** What the smallest plan allows. */
const REQUESTS_PER_DAY = 250_000;

const of = (live: number, archived = 200, changing = 10): Volume => ({ live, archived, changing });
/** A company with 100,000 deals, and 100,000 that it deleted; the rest in proportion. */
const VOLUMES: Record<string, Volume> = {
  '0-3': of(100_000, 100_000, 150),
  '0-1': of(120_000),
  '0-2': of(40_000),
  '0-8': of(160_000),
  '0-48': of(30_000),
  '0-49': of(60_000),
  '0-47': of(20_000),
  '0-46': of(40_000),
  '0-27': of(30_000),
  '0-5': of(20_000),
  '0-7': of(500, 50, 0),
  '0-14': of(1_500, 50, 5),
};

/** Reads all default streams every five minutes for a day, one full read included. Returns requests by stream and purpose. */
async function dayOf(volumes: Record<string, Volume>): Promise<Map<string, Map<Purpose, number>>> {
  const settings = Settings.parse({ access_token: 'pat-na1-x' });
  const streams = tap.streams.filter(({ isSelectedByDefault }) => isSelectedByDefault !== false);
  const days = new Map<string, Map<Purpose, number>>();
  for (const stream of streams) {
    const account = new LargeAccount();
    const kept = new Map<string, { value: Promise<unknown>; until: number }>();
    const cached = <T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T> => {
      const known = kept.get(key);
      if (known !== undefined && known.until > account.clock.now) return known.value as Promise<T>;
      const value = load();
      kept.set(key, { value, until: account.clock.now + ttlMs });
      return value;
    };
    const session = { settings, http: account.http, cached, account: undefined };
    let state: State = emptyState();
    const read = async () => {
      const startedAt = new Date(account.clock.now).toISOString();
      state = (await readStream(session, stream, { state, startedAt })).state;
    };
    // The account was empty when it was read first: the day begins with everything known.
    await read();
    account.volumes = volumes;
    account.requests.clear();
    for (let cycle = 0; cycle < CYCLES_PER_DAY; cycle += 1) {
      account.clock.now += CYCLE_MS;
      await read();
    }
    days.set(stream.name, account.requests);
  }
  return days;
}

function sum(days: Map<string, Map<Purpose, number>>, of: (stream: string, purpose: Purpose) => boolean): number {
  let total = 0;
  for (const [stream, purposes] of days) {
    for (const [purpose, requests] of purposes) if (of(stream, purpose)) total += requests;
  }
  return total;
}

/** As in the tap's README. */
function tableOf(days: Map<string, Map<Purpose, number>>): string {
  const columns = [
    'search',
    'all objects',
    'archived objects',
    'associations',
    'former values',
    'definitions',
    'other',
  ] as const;
  const row = (cells: (string | number)[]) => `| ${cells.join(' | ')} |\n`;
  const counts = (own: (stream: string) => boolean) => {
    const each = columns.map((purpose) => sum(days, (stream, one) => own(stream) && one === purpose));
    return [...each, each.reduce((total, count) => total + count, 0)].map((count) => count.toLocaleString('en'));
  };
  const rows = [...days.keys()].map((name) => row([`\`${name}\``, ...counts((stream) => stream === name)]));
  return row(['', ...columns, 'all']) + rows.join('') + row(['all', ...counts(() => true)]);
}

describe('a day of cycles every five minutes', () => {
  it('takes less than half of what the smallest plan allows, with 100,000 deals and 100,000 deleted ones', async () => {
    const days = await dayOf(VOLUMES);
    const total = sum(days, () => true);
    if (process.env['SHOW_DAY'] !== undefined) process.stdout.write(tableOf(days));
    expect(total).toBeLessThan(REQUESTS_PER_DAY / 2);
    // Nothing is won by doing nothing: each sweep happened, and everything was read once.
    expect(sum(days, (stream, purpose) => stream === 'deals' && purpose === 'archived objects')).toBeGreaterThan(1_000);
    expect(sum(days, (stream, purpose) => stream === 'deals' && purpose === 'all objects')).toBeGreaterThan(1_000);
    const searches = sum(days, (stream, purpose) => stream === 'deals' && purpose === 'search');
    expect(searches).toBeGreaterThan(280);
    expect(searches).toBeLessThan(CYCLES_PER_DAY);
  });
});
