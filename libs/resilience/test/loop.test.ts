import type { Failure, Logger } from '@pipeline/protocol';
import { startLoop } from '../src/loop.ts';
import { DEFECTS_IN_A_ROW_MAX } from '../src/repeated-errors.ts';

const AWAY: Failure = { name: 'database_away', code: '08006', text: 'PostgreSQL cannot be reached' };

function recorder() {
  const lines: [level: string, fields: object, text: string][] = [];
  const write = (level: string) => (fields: object, text: string) => void lines.push([level, fields, text]);
  const logger: Logger = {
    ...{ debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    child: () => logger,
  };
  return { lines, logger };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Runs a loop whose steps fail with what `fails` returns, until so many steps are done. */
async function runSteps(steps: number, fails: (step: number) => unknown) {
  const { lines, logger } = recorder();
  const waits: Failure[] = [];
  const gaveUp: unknown[] = [];
  let defects = 0;
  let done = 0;
  const loop = startLoop({
    everyMs: 1,
    step: async () => {
      done += 1;
      const error = fails(done);
      if (error !== undefined) throw error;
    },
    errors: {
      logger,
      waiting: 'the test waits',
      expected: (error) => (error === AWAY ? AWAY : undefined),
      onWaiting: (failure) => waits.push(failure),
      onDefect: () => {
        defects += 1;
      },
      giveUp: (error) => gaveUp.push(error),
    },
  });
  await until(() => done >= steps);
  await loop.stop();
  return { lines, waits, gaveUp, defects, done };
}

describe('startLoop', () => {
  it('never takes two steps at the same time, however often it is woken', async () => {
    let running = 0;
    let most = 0;
    let steps = 0;
    const { logger } = recorder();
    const loop = startLoop({
      everyMs: 1,
      step: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
        steps += 1;
      },
      errors: { logger, waiting: 'waits', expected: () => undefined, onDefect: () => undefined },
    });
    for (let i = 0; i < 20; i += 1) {
      loop.wake();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await loop.stop();
    expect(most).toBe(1);
    expect(steps).toBeGreaterThan(2);
  });

  it('waits an expected failure out with one line', async () => {
    const { lines, waits, defects } = await runSteps(12, (step) => (step <= 10 ? AWAY : undefined));
    expect(lines).toEqual([
      ['warn', { kind: 'database_away', code: '08006', repeated: 0 }, 'the test waits: PostgreSQL cannot be reached'],
    ]);
    expect(waits).toEqual(Array.from({ length: 10 }, () => AWAY));
    expect(defects).toBe(0);
  });

  it('shows a defect with its stack, counts it, and gives up after ten in a row', async () => {
    const bug = new TypeError('x is not a function');
    const { lines, gaveUp, defects } = await runSteps(DEFECTS_IN_A_ROW_MAX, () => bug);
    expect(defects).toBeGreaterThanOrEqual(DEFECTS_IN_A_ROW_MAX);
    expect(lines[0]).toEqual(['error', { err: bug, inARow: 1 }, 'the test waits: an unexpected error']);
    expect(lines.at(-1)).toEqual(['error', {}, 'the test waits: 10 unexpected errors in a row, so the process ends']);
    expect(gaveUp).toEqual([bug]);
  });

  it('goes on when a step between them succeeds (mutation of ten in a row)', async () => {
    const bug = new TypeError('x is not a function');
    const { gaveUp, defects } = await runSteps(30, (step) => (step % 5 === 0 ? undefined : bug));
    expect(defects).toBeGreaterThan(DEFECTS_IN_A_ROW_MAX);
    expect(gaveUp).toEqual([]);
  });
});
