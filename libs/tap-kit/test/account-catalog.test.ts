import { PipelineError } from '@pipeline/protocol';
import { AccountCatalog } from '../src/catalog/account-catalog.ts';
import type { DiscoverContext, Stream } from '../src/declaration.ts';
import { openTask } from '../src/service/open-task.ts';
import { selectedTasks } from '../src/service/registration.ts';
import { clientOf, uncached } from '../testing/index.ts';
import { keptLog } from './support/deps.ts';
import { sampleTap } from './support/sample-tap.ts';

type Settings = { token: string };
const [deals] = sampleTap.streams;
const context: DiscoverContext<Settings> = {
  settings: { token: 't' },
  http: clientOf(() => Promise.resolve(null)),
  cached: uncached,
};
const open = () => Promise.resolve(context);

function setUp(discoverStreams?: () => Promise<Stream<Settings>[]>, select?: { stream: string }[]) {
  const { logger, lines } = keptLog();
  const tap = { streams: sampleTap.streams, ...(discoverStreams && { discoverStreams }) };
  return { lines, catalog: new AccountCatalog(tap, { select, intervalSeconds: 3_600, logger }) };
}

function custom(name: string): Stream<Settings> {
  if (deals === undefined) throw new Error('the sample has no stream');
  return { ...deals, name, children: [] };
}

const away = new PipelineError({ code: 'SOURCE_UNAVAILABLE', recovery: 'retry', message: 'away' });
const names = (catalog: AccountCatalog<Settings>) => selectedTasks(catalog).map(({ name }) => name);

test("an account's own streams join the others, and one of the same name takes its place", async () => {
  const { catalog } = setUp(() => Promise.resolve([custom('cars'), custom('owners')]));
  expect(names(catalog)).toEqual(['deals', 'owners']);
  await catalog.refresh(open, 0);
  expect(names(catalog)).toEqual(['deals', 'cars', 'owners']);
  expect(catalog.find('owners')?.keyProperties).toEqual(['id']);
});

test('is asked again when the interval is over, and soon after a failure, which leaves what is known', async () => {
  let isAway = false;
  const { catalog, lines } = setUp(() => (isAway ? Promise.reject(away) : Promise.resolve([custom('cars')])));
  expect(catalog.isDue(0)).toBe(true);
  await catalog.refresh(open, 0);
  expect([catalog.isDue(3_599_999), catalog.isDue(3_600_000)]).toEqual([false, true]);
  isAway = true;
  await catalog.refresh(open, 3_600_000);
  expect(names(catalog)).toEqual(['deals', 'owners', 'cars']);
  expect([catalog.isDue(3_659_999), catalog.isDue(3_660_000)]).toEqual([false, true]);
  expect(lines.map(({ level, text }) => [level, text])).toEqual([
    ['warn', "the account's own streams cannot be listed: away"],
  ]);
});

describe('a task of a stream that only this account has', () => {
  const signals = { stop: new AbortController().signal, abort: new AbortController().signal };
  const watch = { onResponse: () => undefined, onWait: () => undefined };
  const limit = new PipelineError({
    ...{ code: 'SOURCE_RATE_LIMITED', recovery: 'retry', message: 'until midnight' },
    context: { stopsRun: true },
  });

  test('says what kept the account from being asked, and is read once it can be', async () => {
    let isUsedUp = true;
    const { catalog } = setUp(() => (isUsedUp ? Promise.reject(limit) : Promise.resolve([custom('cars')])));
    const source = { connect: async () => ({ ...context, account: undefined }) } as never;
    const open = (name: string) => openTask({ source, catalog }, name, { signals, watch });
    await expect(open('cars')).rejects.toBe(limit);
    await expect(open('deals')).resolves.toMatchObject({ task: { name: 'deals' } });
    isUsedUp = false;
    await expect(open('cars')).resolves.toMatchObject({ task: { name: 'cars' } });
    await expect(open('trains')).rejects.toMatchObject({ code: 'UNKNOWN_STREAM' });
  });
});

test('a stream that `select` names and the account does not have is told, and is no error', async () => {
  const { catalog, lines } = setUp(() => Promise.resolve([]), [{ stream: 'deals' }, { stream: 'cars' }]);
  await catalog.refresh(open, 0);
  expect(names(catalog)).toEqual(['deals']);
  expect(lines[0]?.text).toMatch('`select` names cars, which this account does not have');
  expect(() => setUp(undefined, [{ stream: 'cars' }])).toThrow('no such stream: cars');
});
