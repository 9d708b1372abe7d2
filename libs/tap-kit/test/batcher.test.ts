import fc from 'fast-check';
import { BATCH_AGE_MAX_MS, type BatchDraft, Batcher, OPEN_BYTES_MAX } from '../src/service/batcher.ts';

const STREAMS = ['deals', 'deals_companies', 'deals_owners'];

type Step = { kind: 'record'; stream: string; bytes: number } | { kind: 'checkpoint' } | { kind: 'draft' };

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
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('draft' as const) }) },
);

/** Plays the steps. Every record is the number of its step, and so is every STATE: it covers all records with smaller numbers. */
function play(steps: Step[], limits: { bytesMax: number; rowsMax: number }): BatchDraft[] {
  const batcher = new Batcher(STREAMS, limits);
  const drafts = steps.flatMap((one, index) => {
    if (one.kind === 'record') return batcher.add(one.stream, String(index), one.bytes, index);
    if (one.kind === 'draft') return batcher.take();
    batcher.checkpoint(String(index));
    return [];
  });
  return [...drafts, ...batcher.finish()];
}

const limits = fc.record({ bytesMax: fc.integer({ min: 1, max: 2_000 }), rowsMax: fc.integer({ min: 1, max: 20 }) });

test('batches put one after another are the records of each stream in their order, none lost and none twice', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), limits, (steps, max) => {
      const drafts = play(steps, max);
      for (const stream of STREAMS) {
        const sent = drafts.filter((draft) => draft.stream === stream).flatMap((draft) => draft.lines);
        const given = steps.flatMap((one, index) =>
          one.kind === 'record' && one.stream === stream ? [String(index)] : [],
        );
        expect(sent).toEqual(given);
      }
    }),
  );
});

test('a STATE is in no earlier batch than a record that it covers, of whatever stream', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), limits, (steps, max) => {
      const drafts = play(steps, max);
      drafts.forEach((draft, position) => {
        if (draft.state === undefined) return;
        const later = drafts.slice(position + 1).flatMap((one) => one.lines.map(Number));
        expect(later.filter((record) => record < Number(draft.state))).toEqual([]);
      });
    }),
  );
});

test('the last batch carries the newest STATE, and no STATE rides twice', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), limits, (steps, max) => {
      const states = play(steps, max).flatMap((draft) => (draft.state === undefined ? [] : [Number(draft.state)]));
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
      for (const draft of play(steps, max)) expect(draft.lines.length).toBeLessThanOrEqual(max.rowsMax);
    }),
  );
});

test('drafts when the bytes of all streams together reach the limit, not before', () => {
  const batcher = new Batcher(STREAMS, { bytesMax: 100 });
  expect(batcher.add('deals', 'a', 60, 0)).toEqual([]);
  expect(batcher.add('deals_owners', 'b', 39, 0)).toEqual([]);
  const drafts = batcher.add('deals', 'c', 1, 0);
  expect(drafts.map((draft) => [draft.stream, draft.lines])).toEqual([
    ['deals', ['a', 'c']],
    ['deals_owners', ['b']],
  ]);
});

test('what is open goes first when the next record would exceed the most that may be open', () => {
  const batcher = new Batcher(['deals'], { bytesMax: OPEN_BYTES_MAX });
  batcher.add('deals', 'small', OPEN_BYTES_MAX - 1, 0);
  const drafts = batcher.add('deals', 'large', OPEN_BYTES_MAX, 0);
  expect(drafts.map((draft) => draft.lines)).toEqual([['small'], ['large']]);
});

test('a record waits no longer than the age, counted from the oldest', () => {
  const batcher = new Batcher(['deals']);
  expect(batcher.dueInMs(0)).toBeUndefined();
  batcher.add('deals', 'a', 1, 1_000);
  batcher.add('deals', 'b', 1, 4_000);
  expect(batcher.dueInMs(4_000)).toBe(BATCH_AGE_MAX_MS - 3_000);
  expect(batcher.dueInMs(60_000)).toBe(0);
  batcher.take();
  expect(batcher.dueInMs(60_000)).toBeUndefined();
});

test('streams without a record end with an empty batch, which brings their schema', () => {
  const batcher = new Batcher(['deals', 'deals_companies']);
  batcher.add('deals', 'a', 1, 0);
  batcher.take();
  batcher.checkpoint('state');
  expect(batcher.finish()).toEqual([{ stream: 'deals_companies', lines: [], state: 'state' }]);
});

test('there is a last batch even when every record is in an earlier one', () => {
  const batcher = new Batcher(['deals']);
  batcher.add('deals', 'a', 1, 0);
  batcher.take();
  expect(batcher.finish()).toEqual([{ stream: 'deals', lines: [], state: undefined }]);
});

test('learns from the compression how many bytes make a batch, within bounds', () => {
  const batcher = new Batcher(['deals'], { bytesMax: 10 });
  batcher.observe(1_000_000, 1_000_000);
  expect(batcher.add('deals', 'a', 1_048_575, 0)).toEqual([]);
  expect(batcher.add('deals', 'b', 1, 0)).toHaveLength(1);
  batcher.observe(1_000_000, 1);
  expect(batcher.add('deals', 'c', OPEN_BYTES_MAX - 1, 0)).toEqual([]);
  expect(batcher.add('deals', 'd', 1, 0)).toHaveLength(1);
});
