import { parseJson } from '@pipeline/singer';
import { canonical } from '../../../libs/testing/src/canonical.ts';
import { startSandbox } from '../../sandbox/src/sandbox.ts';
import { tap } from '../src/tap.ts';
import { Copy, plainClient } from './copy.ts';

const START = Date.UTC(2026, 10, 1);
const MS_PER_REQUEST = 400;
const TIMEOUT_MS = 60_000;
/** More than one page of the streams that page. */
const DEALS = 1_100;

/** A sandbox whose clock moves with the requests, so that every run meets the same seconds. */
async function openSandbox(deals: number, seed: number) {
  const clock = { ms: START };
  const sandbox = await startSandbox({
    deals,
    seed,
    only: ['wrike'],
    now: () => clock.ms,
    rateLimitFactor: 1_000_000,
  });
  let requests = 0;
  const client = (changesPerRequest: number) =>
    plainClient(sandbox.url('wrike'), 'wrike-sandbox-token', () => {
      clock.ms += MS_PER_REQUEST;
      requests += 1;
      if (changesPerRequest > 0) sandbox.mutations.start({ count: changesPerRequest, seed: seed * 1_000 + requests });
    });
  const startedAt = (): string => new Date(clock.ms).toISOString();
  const truth = (stream: string): Map<string, string> => {
    const { key, rows } = sandbox.truth('wrike', stream);
    return new Map(
      [...rows].map((row) => [JSON.stringify(key.map((name) => row[name])), canonical(parseJson(JSON.stringify(row)))]),
    );
  };
  return { sandbox, clock, client, startedAt, truth };
}

const copyOf = (name: string): Copy => {
  const stream = tap.streams.find((one) => one.name === name);
  if (!stream) throw new Error(`no stream ${name}`);
  return new Copy(stream);
};

const same = (copy: Copy, truth: Map<string, string>, stream: string): void => {
  const held = new Map([...copy.live(stream)].map(([key, row]) => [key, canonical(parseJson(JSON.stringify(row)))]));
  expect([...held.keys()].filter((key) => !truth.has(key))).toEqual([]);
  expect([...truth].filter(([key, row]) => held.get(key) !== row)).toEqual([]);
};

const withChildren = (name: string): string[] => {
  const stream = tap.streams.find((one) => one.name === name);
  return [name, ...(stream?.children ?? []).map((child) => child.name)];
};

describe.each(tap.streams.map(({ name }) => name))('stream %s', (name) => {
  it.each([1, 2])(
    'equals the source once it stands still, after reads while it changed (seed %d)',
    async (seed) => {
      const { sandbox, client, startedAt, truth } = await openSandbox(DEALS, seed);
      const copy = copyOf(name);
      for (let cycle = 0; cycle < 4; cycle += 1) {
        await copy.read(client(40), startedAt());
        sandbox.mutations.start({ count: 30, seed: cycle });
      }
      await copy.read(client(0), startedAt());
      for (const stream of withChildren(name)) same(copy, truth(stream), stream);
      await sandbox.stop();
    },
    TIMEOUT_MS,
  );

  it(
    'equals the source although answers are lost on the way',
    async () => {
      const { sandbox, client, startedAt, truth } = await openSandbox(DEALS, 4);
      sandbox.faults.arm({ kind: 'cut-body', every: 3, count: 100 });
      sandbox.faults.arm({ kind: 'status', status: 503, every: 4, count: 100 });
      const copy = copyOf(name);
      await copy.read(client(0), startedAt());
      await copy.read(client(0), startedAt());
      for (const stream of withChildren(name)) same(copy, truth(stream), stream);
      await sandbox.stop();
    },
    TIMEOUT_MS,
  );
});

describe('rows that were imported in one second, more than a page holds', () => {
  // A quarter of the rows is imported.
  it.each([
    ['tasks', 2_200],
    ['timelogs', 4_400],
  ])(
    '%s are all read, though rows vanish between the pages',
    async (name, deals) => {
      const { sandbox, client, startedAt, truth } = await openSandbox(deals, 5);
      const copy = copyOf(name);
      await copy.read(client(60), startedAt());
      await copy.read(client(0), startedAt());
      same(copy, truth(name), name);
      await sandbox.stop();
    },
    TIMEOUT_MS,
  );
});

describe('an incremental read', () => {
  it.each(['tasks', 'timelogs'])(
    'of %s brings only what was updated since the last one',
    async (name) => {
      const { sandbox, clock, client, startedAt } = await openSandbox(DEALS, 6);
      const copy = copyOf(name);
      await copy.read(client(0), startedAt());
      clock.ms += 600_000;
      await copy.read(client(0), startedAt());
      expect(copy.wasComplete).toBe(false);
      expect(copy.records).toBe(0);
      await sandbox.stop();
    },
    TIMEOUT_MS,
  );

  it(
    'of timelogs becomes a full one when a time log has been deleted',
    async () => {
      const { sandbox, client, startedAt, truth } = await openSandbox(DEALS, 7);
      const copy = copyOf('timelogs');
      await copy.read(client(0), startedAt());
      const before = sandbox.truth('wrike', 'timelogs').count;
      for (let seed = 0; sandbox.truth('wrike', 'timelogs').count === before; seed += 1) {
        sandbox.mutations.start({ count: 1, seed });
      }
      const grown = (sandbox.truth('wrike', 'timelogs').count ?? 0) > (before ?? 0);
      await copy.read(client(0), startedAt());
      expect(copy.wasComplete).toBe(!grown);
      same(copy, truth('timelogs'), 'timelogs');
      await sandbox.stop();
    },
    TIMEOUT_MS,
  );
});
