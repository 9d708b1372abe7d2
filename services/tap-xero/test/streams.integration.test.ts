import { Random } from '../../sandbox/src/random.ts';
import { tap } from '../src/tap.ts';
import { startXero, type XeroSandbox } from './xero-sandbox.ts';

const MINUTE_MS = 60_000;
const TEST_TIMEOUT_MS = 120_000;

let xero: XeroSandbox;
afterEach(() => xero.close());

const mutate = (count: number, seed = 3) => {
  const random = new Random(seed);
  for (let done = 0; done < count; done += 1) xero.api.mutate(random);
};

describe('the streams of Xero', () => {
  it(
    'bring every row of two organisations, in every column of the truth and in no other, and ask for nothing that is not documented',
    async () => {
      xero = await startXero({ organisations: 2 });
      await xero.cycle();
      expect(xero.differences()).toEqual([]);
      const beyond = xero.api.truth().flatMap((truth) => {
        return xero.warehouse.columnsBeyond(truth).map((column) => `${truth.stream}.${column}`);
      });
      expect(beyond).toEqual([]);
      expect(xero.notImitated).toEqual([]);
      const empty = xero.api.truth().filter(({ rows }) => [...rows].length === 0);
      expect(empty.map(({ stream }) => stream)).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'follow what changes, one request a stream, and take away what was taken off its document',
    async () => {
      xero = await startXero({ streams: tap.streams.filter(isUsual).map(({ name }) => name) });
      await xero.cycle();
      for (const seed of [1, 2]) {
        xero.clock.now += 60 * MINUTE_MS;
        mutate(150, seed);
        await xero.cycle();
        expect(xero.differences()).toEqual([]);
      }
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'forget rows that the source no longer has at the next full read',
    async () => {
      xero = await startXero({ streams: ['contacts'] });
      await xero.cycle();
      const [stream] = tap.streams.filter(({ name }) => name === 'contacts');
      if (stream === undefined) throw new Error('no contacts');
      const read = await xero.read(stream);
      const gone = { TenantID: 't', ContactID: 'gone' };
      xero.warehouse.load({ ...read, deletes: new Map(), steps: [{ stream: 'contacts', records: [gone] }] });
      await xero.cycle();
      expect(xero.differences()).toEqual(['contacts t/gone is left over']);
      await xero.cycle({ fullRead: true });
      expect(xero.differences()).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );
});

/** Streams that are read unless somebody chooses. */
function isUsual({ isSelectedByDefault }: (typeof tap.streams)[number]): boolean {
  return isSelectedByDefault !== false;
}
