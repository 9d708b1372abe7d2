import { withoutGap } from '../src/schedule/without-gap.ts';

describe('what is done without a gap', () => {
  it('counts from its first time, and anew after a gap', () => {
    let now = 1_000;
    const lasting = withoutGap(100, () => now);
    const after = (ms: number) => {
      now += ms;
      return lasting();
    };
    expect([after(0), after(100), after(100)]).toEqual([0, 100, 200]);
    expect([after(101), after(100)]).toEqual([0, 100]);
  });
});
