import { startLoop } from '../src/loop.ts';

describe('startLoop', () => {
  it('never takes two steps at the same time, however often it is woken', async () => {
    let running = 0;
    let most = 0;
    let steps = 0;
    const loop = startLoop({
      everyMs: 1,
      step: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
        steps += 1;
      },
      onError: () => undefined,
    });
    for (let i = 0; i < 20; i += 1) {
      loop.wake();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await loop.stop();
    expect(most).toBe(1);
    expect(steps).toBeGreaterThan(2);
  });

  it('goes on after a step that failed, and ends after the step under way', async () => {
    const errors: unknown[] = [];
    let steps = 0;
    const loop = startLoop({
      everyMs: 1,
      step: async () => {
        steps += 1;
        if (steps === 1) throw new Error('first');
      },
      onError: (error) => errors.push(error),
    });
    while (steps < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    await loop.stop();
    const after = steps;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(steps).toBe(after);
    expect(errors).toHaveLength(1);
  });
});
