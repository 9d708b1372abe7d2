import type { JsonObject } from '@pipeline/singer';
import type { Stream } from '@pipeline/tap-kit';
import { clientOf, uncached } from '@pipeline/tap-kit/testing';
import { Random } from '../../sandbox/src/random.ts';
import { connect } from '../src/connect.ts';
import type { XeroSettings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';
import { ModelWarehouse } from './model-warehouse.ts';
import { type SandboxClient, startSandboxClient } from './sandbox-client.ts';

const MINUTE_MS = 60_000;

/** Tens of requests and thousands of comparisons, on a machine that may be busy. */
const TEST_TIMEOUT_MS = 60_000;

let sandbox: SandboxClient;
let tenant: Record<string, string>;
let warehouse: ModelWarehouse;
let bookmarks: Map<string, JsonObject | undefined>;

beforeEach(async () => {
  sandbox = await startSandboxClient({ deals: 600, pageSize: 40 });
  tenant = (await connect(sandbox.http, sandbox.settings)).headers ?? {};
  warehouse = new ModelWarehouse(tap.streams);
  bookmarks = new Map();
});

afterEach(() => sandbox.close());

async function readStream(stream: Stream<XeroSettings>, fullRead = false): Promise<void> {
  const { http, settings, clock } = sandbox;
  const read = stream.read({
    settings,
    http: clientOf((request) => http.json({ ...request, headers: { ...request.headers, ...tenant } })),
    cached: uncached,
    bookmark: bookmarks.get(stream.name),
    fullRead,
    startedAt: new Date(clock.now).toISOString(),
    isSelected: () => true,
    signal: new AbortController().signal,
  });
  bookmarks.set(stream.name, await warehouse.load(read));
}

async function readAll(fullRead = false): Promise<void> {
  for (const stream of tap.streams) await readStream(stream, fullRead);
}

function mutateWhileReading(perAnswer: number): void {
  const random = new Random(11);
  sandbox.onAnswer.call = () => {
    for (let count = 0; count < perAnswer; count += 1) sandbox.api.mutate(random);
  };
}

function differences(): Record<string, string[]> {
  const wrong = sandbox.api.truth().map((truth) => [truth.stream, warehouse.differences(truth)] as const);
  return Object.fromEntries(wrong.filter(([, keys]) => keys.length > 0));
}

describe('the streams of Xero', () => {
  it(
    'bring every row of a quiet organisation, in every column of the truth and in no other',
    async () => {
      await readAll();
      expect(differences()).toEqual({});
      const beyond = sandbox.api.truth().flatMap((truth) => warehouse.columnsBeyond(truth));
      expect(beyond).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'lose nothing that changes while they are read: the next read makes it good',
    async () => {
      mutateWhileReading(25);
      await readAll();
      await readAll();
      sandbox.onAnswer.call = () => {};
      expect(Object.keys(differences())).not.toEqual([]);
      sandbox.clock.now += 10 * MINUTE_MS;
      await readAll();
      expect(differences()).toEqual({});
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'would lose rows in the order of their changes, and notice only some of it: why the order is by id',
    async () => {
      sandbox.overrides['order'] = 'UpdatedDateUTC ASC';
      mutateWhileReading(25);
      const isRefused = await readAll().then(
        () => false,
        () => true,
      );
      sandbox.onAnswer.call = () => {};
      sandbox.clock.now += 10 * MINUTE_MS;
      if (!isRefused) await readAll();
      expect(isRefused || Object.keys(differences()).length > 0).toBe(true);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'read only what changed once they have a bookmark',
    async () => {
      await readAll();
      sandbox.clock.now += 60 * MINUTE_MS;
      const random = new Random(3);
      for (let count = 0; count < 20; count += 1) sandbox.api.mutate(random);
      sandbox.requests.length = 0;
      await readAll();
      expect(sandbox.requests).toHaveLength(tap.streams.length);
      expect(differences()).toEqual({});
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'take line items that were removed from their document out of the table',
    async () => {
      await readAll();
      const lines = () => [...(sandbox.api.truth().find(({ stream }) => stream === 'invoice_line_items')?.rows ?? [])];
      const before = new Set(lines().map((row) => String(row['LineItemID'])));
      sandbox.clock.now += 60 * MINUTE_MS;
      const random = new Random(3);
      for (let count = 0; count < 100; count += 1) sandbox.api.mutate(random);
      const after = new Set(lines().map((row) => String(row['LineItemID'])));
      expect([...before].some((id) => !after.has(id))).toBe(true);
      await readAll();
      expect(differences()).toEqual({});
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'forget rows that the source no longer has at the next full read',
    async () => {
      await readAll();
      const gone = { ContactID: '00000000-0000-4000-8000-000000000000' };
      await warehouse.load(
        (async function* () {
          yield { type: 'records', stream: 'contacts', records: [gone] } as const;
        })(),
      );
      expect(Object.keys(differences())).toEqual(['contacts']);
      await readAll();
      expect(Object.keys(differences())).toEqual(['contacts']);
      await readAll(true);
      expect(differences()).toEqual({});
    },
    TEST_TIMEOUT_MS,
  );
});
