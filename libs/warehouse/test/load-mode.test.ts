import { LoadMode } from '../src/write/load-mode.ts';

function batchesUntilFastPath(mode: LoadMode): number {
  let batches = 0;
  while (!mode.isFastPath && batches < 1_000) {
    mode.staged(0);
    batches++;
  }
  return batches;
}

test('an empty table is filled without staging, another one is not', () => {
  expect(new LoadMode(true).isFastPath).toBe(true);
  expect(new LoadMode(false).isFastPath).toBe(false);
});

test('waits twice as long after each conflict, and no longer than 256 batches', () => {
  const mode = new LoadMode(true);
  const waits = Array.from({ length: 10 }, () => {
    mode.conflicted();
    return batchesUntilFastPath(mode);
  });
  expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 256, 256]);
});

test('a batch that updates rows starts the wait again', () => {
  const mode = new LoadMode(false);
  mode.conflicted();
  mode.staged(0);
  mode.staged(5);
  mode.staged(0);
  expect(mode.isFastPath).toBe(false);
  mode.staged(0);
  expect(mode.isFastPath).toBe(true);
});
