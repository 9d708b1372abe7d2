import { inParallel, oneAhead, partsOf } from '../src/index.ts';

async function* numbers(asked: number[], failAt = Number.POSITIVE_INFINITY) {
  for (let number = 1; number <= 3; number += 1) {
    asked.push(number);
    if (number === failAt) throw new Error('gone');
    yield number;
  }
}

describe('oneAhead', () => {
  it('asks for the next item before the last one is done', async () => {
    const asked: number[] = [];
    const seen: [number, number][] = [];
    for await (const number of oneAhead(numbers(asked))) {
      await Promise.resolve();
      seen.push([number, asked.length]);
    }
    expect(seen).toEqual([
      [1, 2],
      [2, 3],
      [3, 3],
    ]);
  });

  it('hands out what came before a failure, then the failure', async () => {
    const seen: number[] = [];
    const reading = async () => {
      for await (const number of oneAhead(numbers([], 2))) seen.push(number);
    };
    await expect(reading()).rejects.toThrow('gone');
    expect(seen).toEqual([1]);
  });

  it('leaves no failure behind when it is stopped early', async () => {
    for await (const number of oneAhead(numbers([], 2))) if (number === 1) break;
    await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('inParallel', () => {
  it('keeps the order and runs at most four calls at a time', async () => {
    let running = 0;
    let most = 0;
    const results = await inParallel([1, 2, 3, 4, 5, 6], async (number) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return number * 2;
    });
    expect(results).toEqual([2, 4, 6, 8, 10, 12]);
    expect(most).toBe(4);
  });

  it('begins no further call after a failure, and leaves none behind', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const calls = inParallel([1, 2, 3, 4, 5, 6, 7, 8], async (number) => {
      begun.push(number);
      await Promise.resolve();
      if (number === 1) throw new Error('gone');
      await new Promise((resolve) => setImmediate(resolve));
      ended.push(number);
    });
    await expect(calls).rejects.toThrow('gone');
    expect(begun).toEqual([1, 2, 3, 4]);
    expect(ended).toEqual([2, 3, 4]);
  });
});

it('partsOf leaves nothing out', () => {
  expect(partsOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(partsOf([], 2)).toEqual([]);
});
