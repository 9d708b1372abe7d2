import { jest } from '@jest/globals';
import { oncePer } from '../src/index.ts';

test('oncePer is true the first time and then once per period', () => {
  jest.useFakeTimers();
  const due = oncePer(1_000);
  expect([due(), due()]).toEqual([true, false]);
  jest.advanceTimersByTime(999);
  expect(due()).toBe(false);
  jest.advanceTimersByTime(1);
  expect([due(), due()]).toEqual([true, false]);
  jest.useRealTimers();
});
