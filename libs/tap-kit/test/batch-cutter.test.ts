import fc from 'fast-check';
import { BATCH_AGE_MAX_MS, BatchCutter, type Cut, OPEN_BYTES_MAX } from '../src/service/batch-cutter.ts';

const STREAMS = ['deals', 'deals_companies', 'deals_owners'];

type Step = { kind: 'record'; stream: string; bytes: number } | { kind: 'checkpoint' } | { kind: 'cut' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      stream: fc.constantFrom(...STREAMS),
      bytes: fc.integer({ min: 1, max: 400 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('checkpoint' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const) }) },
);

/** Plays the steps. Every record is the number of its step, and so is every STATE: it covers all records with smaller numbers. */
function play(steps: Step[], limits: { bytesMax: number; rowsMax: number }): Cut[] {
  const cutter = new BatchCutter(STREAMS, limits);
  const cuts = steps.flatMap((one, index) => {
    if (one.kind === 'record') return cutter.add(one.stream, String(index), one.bytes, index);
    if (one.kind === 'cut') return cutter.cut();
    cutter.checkpoint(String(index));
    return [];
  });
  return [...cuts, ...cutter.finish()];
}

const limits = fc.record({ bytesMax: fc.integer({ min: 1, max: 2_000 }), rowsMax: fc.integer({ min: 1, max: 20 }) });

test('batches put one after another are the records of each stream in their order, none lost and none twice', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), limits, (steps, max) => {
      const cuts = play(steps, max);
      for (const stream of STREAMS) {
        const sent = cuts.filter((cut) => cut.stream === stream).flatMap((cut) => cut.lines);
        const given = steps.flatMap((one, index) =>
          one.kind === 'record' && one.stream === stream ? [String(index)] : [],
        );
        expect(sent).toEqual(given);
      }
    }),
  );
});

test('a STATE never rides ahead of a record that it covers, of whatever stream', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), limits, (steps, max) => {
      const cuts = play(steps, max);
      cuts.forEach((cut, position) => {
        if (cut.state === undefined) return;
        const later = cuts.slice(position + 1).flatMap((one) => one.lines.map(Number));
        expect(later.filter((record) => record < Number(cut.state))).toEqual([]);
      });
    }),
  );
});

test('the last batch carries the newest STATE, and no STATE rides twice', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), limits, (steps, max) => {
      const states = play(steps, max).flatMap((cut) => (cut.state === undefined ? [] : [Number(cut.state)]));
      expect(states.at(-1)).toBe(
        steps.findLastIndex((one) => one.kind === 'checkpoint') === -1
          ? undefined
          : steps.findLastIndex((one) => one.kind === 'checkpoint'),
      );
      expect(states).toEqual([...new Set(states)].sort((a, b) => a - b));
    }),
  );
});

test('a batch never has more rows than allowed', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), limits, (steps, max) => {
      for (const cut of play(steps, max)) expect(cut.lines.length).toBeLessThanOrEqual(max.rowsMax);
    }),
  );
});

test('cuts when the bytes of all streams together reach the limit, not before', () => {
  const cutter = new BatchCutter(STREAMS, { bytesMax: 100 });
  expect(cutter.add('deals', 'a', 60, 0)).toEqual([]);
  expect(cutter.add('deals_owners', 'b', 39, 0)).toEqual([]);
  const cuts = cutter.add('deals', 'c', 1, 0);
  expect(cuts.map((cut) => [cut.stream, cut.lines])).toEqual([
    ['deals', ['a', 'c']],
    ['deals_owners', ['b']],
  ]);
});

test('what is open goes first when the next record would exceed the most that may be open', () => {
  const cutter = new BatchCutter(['deals'], { bytesMax: OPEN_BYTES_MAX });
  cutter.add('deals', 'small', OPEN_BYTES_MAX - 1, 0);
  const cuts = cutter.add('deals', 'large', OPEN_BYTES_MAX, 0);
  expect(cuts.map((cut) => cut.lines)).toEqual([['small'], ['large']]);
});

test('a record waits no longer than the age, counted from the oldest', () => {
  const cutter = new BatchCutter(['deals']);
  expect(cutter.dueInMs(0)).toBeUndefined();
  cutter.add('deals', 'a', 1, 1_000);
  cutter.add('deals', 'b', 1, 4_000);
  expect(cutter.dueInMs(4_000)).toBe(BATCH_AGE_MAX_MS - 3_000);
  expect(cutter.dueInMs(60_000)).toBe(0);
  cutter.cut();
  expect(cutter.dueInMs(60_000)).toBeUndefined();
});

test('streams without a record end with an empty batch, which brings their schema', () => {
  const cutter = new BatchCutter(['deals', 'deals_companies']);
  cutter.add('deals', 'a', 1, 0);
  cutter.cut();
  cutter.checkpoint('state');
  expect(cutter.finish()).toEqual([{ stream: 'deals_companies', lines: [], state: 'state' }]);
});

test('there is a last batch even when everything has been cut', () => {
  const cutter = new BatchCutter(['deals']);
  cutter.add('deals', 'a', 1, 0);
  cutter.cut();
  expect(cutter.finish()).toEqual([{ stream: 'deals', lines: [], state: undefined }]);
});

test('learns from the compression how many bytes make a batch, within bounds', () => {
  const cutter = new BatchCutter(['deals'], { bytesMax: 10 });
  cutter.observe(1_000_000, 1_000_000);
  expect(cutter.add('deals', 'a', 1_048_575, 0)).toEqual([]);
  expect(cutter.add('deals', 'b', 1, 0)).toHaveLength(1);
  cutter.observe(1_000_000, 1);
  expect(cutter.add('deals', 'c', OPEN_BYTES_MAX - 1, 0)).toEqual([]);
  expect(cutter.add('deals', 'd', 1, 0)).toHaveLength(1);
});
