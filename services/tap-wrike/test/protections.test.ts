import { isJsonObject, type Json } from '@pipeline/singer';
import { formatInstant } from '../src/reading/instant.ts';
import { type Account, openAccount, type Query } from './in-process.ts';

/** What the engine relies on, taken away one by one: then the warehouse is wrong, and the comparison says so. */
const withoutCount = (response: Json): Json => {
  if (!isJsonObject(response)) return response;
  const { responseSize: _, ...rest } = response;
  return rest;
};

const tasksOnly = { select: [{ stream: 'tasks' }] };

async function differencesAfterErasing(alter: Account['alter']['response']): Promise<string[]> {
  const account = openAccount({ deals: 100, seed: 3 });
  account.alter.response = alter;
  await account.read('tasks', tasksOnly);
  account.change(400);
  await account.read('tasks', tasksOnly);
  return account.differences('tasks', tasksOnly.select);
}

/** Time logged and taken back between two reads: too young for any count. */
async function differencesOfYoung(keepsIds: boolean): Promise<string[]> {
  const account = openAccount({ deals: 100, seed: 4 });
  await account.read('timelogs');
  account.change(2_000);
  const { state } = await account.read('timelogs');
  account.change(2_000);
  const { young: _, ...bookmark } = state.bookmarks['timelogs'] ?? {};
  const forgetful = { ...state, bookmarks: { timelogs: { ...bookmark, rows: null } } };
  const counted = state.bookmarks['timelogs'] ?? {};
  const remembering = { ...state, bookmarks: { timelogs: { ...counted, rows: null } } };
  await account.read('timelogs', { state: keepsIds ? remembering : forgetful });
  const isYoung = (text: string): boolean =>
    (Array.isArray(counted['young']) ? counted['young'] : []).some((id) => text.includes(String(id)));
  return account.differences('timelogs').filter(isYoung);
}

describe('after tasks were created, moved, deleted, restored and erased', () => {
  it('the warehouse is exact', async () => {
    expect(await differencesAfterErasing((_path, response) => response)).toEqual([]);
  });

  it('it is not when nothing is counted (mutation)', async () => {
    const differences = await differencesAfterErasing((_path, response) => withoutCount(response));
    expect(differences).toContainEqual(expect.stringMatching(/^tasks \S+ is left over/));
  });

  it('it is not when nothing is counted and the recycle bin is not read (mutation)', async () => {
    const counted = await differencesAfterErasing((_path, response) => withoutCount(response));
    const differences = await differencesAfterErasing((path, response) =>
      path.startsWith('/folders/') ? { kind: 'tasks', data: [] } : withoutCount(response),
    );
    expect(differences.length).toBeGreaterThan(counted.length);
  });
});

describe('rows that came and went between two reads', () => {
  it('are gone in the warehouse too', async () => {
    expect(await differencesOfYoung(true)).toEqual([]);
  });

  it('are left over when their ids are not remembered (mutation)', async () => {
    expect(await differencesOfYoung(false)).not.toEqual([]);
  });
});

/** Comments that bear an instant before the read and show only after it: Wrike's clock is not ours. */
async function differencesAfterLateChanges(lookbackMinutes: number): Promise<string[]> {
  const account = openAccount({ deals: 100, seed: 5, settings: { lookback_minutes: lookbackMinutes } });
  await account.read('comments');
  account.clock.ms -= 180_000;
  account.change(200);
  account.clock.ms += 3_600_000;
  await account.read('comments');
  return account.differences('comments').filter((text) => text.endsWith('is missing'));
}

describe('changes that show only after the read, with an instant before it', () => {
  it('come with the next read', async () => {
    expect(await differencesAfterLateChanges(5)).toEqual([]);
  });

  it('would never come without the look-back (mutation)', async () => {
    expect(await differencesAfterLateChanges(0)).not.toEqual([]);
  });
});

/** Which tasks that came between two reads, and are changed again while the second one reads, it misses. What leaves the recycle bin while it is read
 *  comes with the next read, and is left out. */
async function missingAfterChangesMeanwhile(bound: 'open' | 'closed'): Promise<string[]> {
  const account = openAccount({ deals: 100, seed: 7, pageMax: 10 });
  const missing = () => account.differences('tasks', tasksOnly.select).filter((text) => text.endsWith('is missing'));
  const { state } = await account.read('tasks', tasksOnly);
  account.change(400);
  let inUse = missing();
  const end = formatInstant(account.clock.ms / 1_000);
  account.alter.query = (query) => {
    const now = missing();
    inUse = inUse.filter((text) => now.includes(text));
    return bound === 'open' ? query : withEnd(query, end);
  };
  account.pace.changesPerRequest = 20;
  // Without a count to compare, so that what was erased leads to no full read, which has no range.
  const uncounted = { tasks: { ...state.bookmarks['tasks'], rows: null } };
  await account.read('tasks', { ...tasksOnly, state: { ...state, bookmarks: uncounted } });
  expect(inUse.length).toBeGreaterThan(0);
  return missing().filter((text) => inUse.includes(text));
}

function withEnd({ updatedDate, ...query }: Query, end: string): Query {
  if (updatedDate === undefined) return query;
  return { ...query, updatedDate: JSON.stringify({ ...JSON.parse(String(updatedDate)), end }) };
}

describe('tasks that change again while they are read', () => {
  it('come with this read', async () => {
    expect(await missingAfterChangesMeanwhile('open')).toEqual([]);
  });

  it('would slip out of it if the range of changes had an end (mutation)', async () => {
    expect(await missingAfterChangesMeanwhile('closed')).not.toEqual([]);
  });
});
