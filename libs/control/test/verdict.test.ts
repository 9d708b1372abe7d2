import { type Facts, verdictOf } from '../src/observe/verdict.ts';

const fine: Facts = {
  hasLeader: true,
  brokerBlockedBecause: null,
  violations: 0,
  incidents: 0,
  streams: 4,
  freshStreams: 4,
  lateStreams: 0,
  pause: null,
  hasPipeline: true,
  hasCycleEnded: true,
  rowsSoFar: 0,
};
const pause = { by: 'me', since: '2026-01-02T03:04:05Z', reason: 'audit' };

/** From the most to the least important: each stands with everything below it true as well. */
const ORDER: [Partial<Facts>, string, RegExp][] = [
  [{ brokerBlockedBecause: 'memory' }, 'down', /memory/],
  [{ violations: 2 }, 'down', /2 invariants/],
  [{ hasLeader: false }, 'down', /No scheduler/],
  [{ incidents: 1 }, 'attention', /4 of 4/],
  [{ lateStreams: 1 }, 'late', /fresh/],
  [{ pause }, 'paused', /By me since 2026-01-02 03:04 UTC: audit\./],
];

describe('the one sentence about everything', () => {
  it.each(ORDER)('%j wins over all that is less important', (facts, state, text) => {
    const index = ORDER.findIndex(([other]) => other === facts);
    const below = Object.assign({}, ...ORDER.slice(index).map(([other]) => other));
    for (const given of [
      { ...fine, ...facts },
      { ...fine, ...below },
    ]) {
      const verdict = verdictOf(given);
      expect(verdict.state).toBe(state);
      expect(verdict.text).toMatch(text);
    }
  });

  it('says in numbers what needs a person', () => {
    expect(verdictOf({ ...fine, incidents: 1 })).toMatchObject({ title: '1 thing needs you', count: 1 });
    expect(verdictOf({ ...fine, incidents: 3 })).toMatchObject({ title: '3 things need you', count: 3 });
  });

  it('calls nothing late before the first cycle has ended', () => {
    const first = { ...fine, hasCycleEnded: false, lateStreams: 4, freshStreams: 0, rowsSoFar: 12_345 };
    expect(verdictOf(first)).toMatchObject({ state: 'first', title: 'First cycle', text: '12,345 rows so far.' });
    expect(verdictOf({ ...first, hasPipeline: false })).toMatchObject({ title: 'Nothing is connected yet' });
  });

  it('is fine otherwise', () => {
    expect(verdictOf(fine)).toMatchObject({ state: 'fine', text: '4 of 4 streams are fresh and complete.' });
  });
});
