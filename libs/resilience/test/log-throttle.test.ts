import { createLogThrottle } from '../src/index.ts';

describe('createLogThrottle', () => {
  it('lets one line a minute and cause through, with how often it came', () => {
    let now = 0;
    const throttle = createLogThrottle(() => now);
    expect(throttle.due('away')).toEqual({ repeated: 0 });
    for (now = 500; now < 60_000; now += 500) expect(throttle.due('away')).toBeUndefined();
    expect(throttle.due('full')).toEqual({ repeated: 0 });
    now = 60_000;
    expect(throttle.due('away')).toEqual({ repeated: 119 });
  });

  it('remembers a bounded number of causes', () => {
    const throttle = createLogThrottle(() => 0);
    for (let cause = 0; cause < 1_000; cause += 1) expect(throttle.due(String(cause))).toEqual({ repeated: 0 });
    expect(throttle.due('0')).toEqual({ repeated: 0 });
    expect(throttle.due('999')).toBeUndefined();
  });
});
