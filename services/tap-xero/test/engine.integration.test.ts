import { Random } from '../../sandbox/src/random.ts';
import { tap } from '../src/tap.ts';
import { startXero } from './xero-sandbox.ts';

/** Companies that change while they are read: each seed has its own changes, its own streams, its own deaths. */
const SEEDS = 200;
const SEEDS_PER_COMPANY = 20;
const STREAMS_PER_SEED = 3;
const CYCLES = 3;
const CHANGES_PER_RESPONSE = 2;
const DAY_MS = 86_400_000;
const TEST_TIMEOUT_MS = 240_000;

/** Read once a day at most, and dear to compute: `streams.integration.test.ts` compares them. */
const SELDOM = /^(?:report_|history|attachments)/;
const streams = tap.streams.filter(({ name }) => !SELDOM.test(name));

/** Between two reads: longer than the look-back. */
const PAUSE_MS = 20 * 60_000;

/** Reads under fire: the company changes after each response, some reads die half-way, and two organisations take turns. */
async function differencesOf(company: number): Promise<string[]> {
  const xero = await startXero({
    deals: 20,
    seed: company,
    pageSize: 11,
    organisations: 1 + (company % 3 === 0 ? 1 : 0),
  });
  const found: string[] = [];
  try {
    for (let seed = company; seed < company + SEEDS_PER_COMPANY; seed += 1) {
      const random = new Random(seed);
      const chosen = new Set(Array.from({ length: STREAMS_PER_SEED }, () => random.pick(streams)));
      xero.onResponse.call = () => {
        for (let change = 0; change < CHANGES_PER_RESPONSE; change += 1) xero.api.mutate(random);
      };
      for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
        if (cycle === CYCLES) xero.onResponse.call = () => {};
        xero.clock.now += cycle === CYCLES && random.chance(0.2) ? DAY_MS : PAUSE_MS;
        for (const stream of chosen) {
          const dies = cycle < CYCLES && random.chance(0.3);
          await xero.read(stream, dies ? { stopAfter: random.integer(1, 6) } : {});
        }
      }
      const names = new Set(
        [...chosen].flatMap((stream) => [stream.name, ...(stream.children ?? []).map(({ name }) => name)]),
      );
      const truths = xero.api.truth().filter(({ stream }) => names.has(stream));
      found.push(
        ...truths.flatMap((truth) => xero.warehouse.differences(truth)).map((text) => `seed ${seed}: ${text}`),
      );
    }
  } finally {
    await xero.close();
  }
  return found;
}

it.each(Array.from({ length: SEEDS / SEEDS_PER_COMPANY }, (_, place) => 1 + place * SEEDS_PER_COMPANY))(
  'a company that changes while it is read is copied without a difference (seeds from %i)',
  async (company) => {
    expect(await differencesOf(company)).toEqual([]);
  },
  TEST_TIMEOUT_MS,
);

it(
  'it would lose rows in the order of their changes, or notice that some vanished: why the order is by id',
  async () => {
    const xero = await startXero({
      deals: 300,
      pageSize: 20,
      order: 'UpdatedDateUTC ASC',
      streams: ['invoices', 'payments'],
    });
    const random = new Random(11);
    xero.onResponse.call = () => {
      for (let change = 0; change < 25; change += 1) xero.api.mutate(random);
    };
    const isRefused = await xero.cycle().then(
      () => false,
      () => true,
    );
    xero.onResponse.call = () => {};
    xero.clock.now += PAUSE_MS;
    if (!isRefused) await xero.cycle();
    const isWrong = isRefused || xero.differences().length > 0;
    await xero.close();
    expect(isWrong).toBe(true);
  },
  TEST_TIMEOUT_MS,
);
