import { setImmediate as tick } from 'node:timers/promises';
import type { Exit } from '@pipeline/local-stack';
import type { Logger } from '@pipeline/protocol';
import { type ExitAction, type Program, type Running, supervise } from '../src/supervised.ts';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const died: Exit = { code: 1, signal: null };

/** A program whose every start the test ends by hand. */
function fakeProgram(actionAfter: (exit: Exit) => ExitAction) {
  const starts: { end: (exit: Exit) => void; isStopped: boolean }[] = [];
  const program: Program = {
    name: 'loader',
    actionAfter,
    start: async (): Promise<Running> => {
      const { promise, resolve } = Promise.withResolvers<Exit>();
      const start = { end: resolve, isStopped: false };
      starts.push(start);
      return {
        exited: promise,
        stop: async () => {
          start.isStopped = true;
          resolve({ code: 0, signal: null });
        },
      };
    },
  };
  return { program, starts };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await tick();
}

describe('a supervised program', () => {
  it('is started again when it dies, and stopped at the end', async () => {
    const { program, starts } = fakeProgram(() => 'restart');
    const supervised = supervise(program, { logger: silent, onFinish: () => undefined, firstPauseMs: 0 });
    await until(() => starts.length === 1);
    starts[0]?.end(died);
    await until(() => starts.length === 2);
    await supervised.stop();

    expect(starts.map((start) => start.isStopped)).toEqual([false, true]);
  });

  it('stays off when its end means so', async () => {
    const { program, starts } = fakeProgram(() => 'off');
    const supervised = supervise(program, { logger: silent, onFinish: () => undefined, firstPauseMs: 0 });
    await until(() => starts.length === 1);
    starts[0]?.end(died);
    await tick();
    await supervised.stop();

    expect(starts).toHaveLength(1);
  });

  it('ends the whole run when its end means so', async () => {
    const { program, starts } = fakeProgram(() => ({ exitCode: 78 }));
    const finish = Promise.withResolvers<number>();
    supervise(program, { logger: silent, onFinish: finish.resolve, firstPauseMs: 0 });
    await until(() => starts.length === 1);
    starts[0]?.end(died);

    expect(await finish.promise).toBe(78);
  });

  it('ends the whole run with 1 when it does not stay up for the twelfth time', async () => {
    let starts = 0;
    const program: Program = {
      name: 'loader',
      actionAfter: () => 'restart',
      start: async () => {
        starts += 1;
        return { exited: Promise.resolve(died), stop: async () => undefined };
      },
    };
    const finish = Promise.withResolvers<number>();
    supervise(program, { logger: silent, onFinish: finish.resolve, firstPauseMs: 0 });

    expect(await finish.promise).toBe(1);
    expect(starts).toBe(12);
  });

  it('counts a start that throws as a death', async () => {
    let starts = 0;
    const program: Program = {
      name: 'loader',
      actionAfter: () => 'off',
      start: async () => {
        starts += 1;
        throw new Error('no such file');
      },
    };
    const supervised = supervise(program, { logger: silent, onFinish: () => undefined, firstPauseMs: 0 });
    await until(() => starts === 2);
    await supervised.stop();
  });

  it('is stopped also when the stop comes while it starts', async () => {
    const { program, starts } = fakeProgram(() => 'restart');
    const mayStart = Promise.withResolvers<void>();
    const slow = { ...program, start: () => mayStart.promise.then(program.start) };
    const supervised = supervise(slow, { logger: silent, onFinish: () => undefined, firstPauseMs: 0 });
    const stopped = supervised.stop();
    mayStart.resolve();
    await stopped;

    expect(starts.map((start) => start.isStopped)).toEqual([true]);
  });

  it('is not started again when it ends while being stopped', async () => {
    const { program, starts } = fakeProgram(() => 'restart');
    const supervised = supervise(program, { logger: silent, onFinish: () => undefined, firstPauseMs: 0 });
    await until(() => starts.length === 1);
    await supervised.stop();
    await tick();

    expect(starts).toHaveLength(1);
  });
});
