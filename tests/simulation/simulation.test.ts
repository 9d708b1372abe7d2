import { sized } from '../support/sized.ts';
import { firstFailure, simulate } from './simulation.ts';

/** `SIMULATION_SEED=123` repeats one seed and shows all of it. */
const REPLAY = process.env['SIMULATION_SEED'];
const SEEDS = sized({ ci: 10_000, full: 50_000 });
const SEEDS_MS_MAX = sized({ ci: 10 * 60_000, full: 120 * 60_000 });
/** The end of a trace, which shows what went wrong. */
const TRACE_LINES = 120;

async function report(seed: number, lines: number): Promise<string> {
  const { failure, trace, steps } = await simulate(seed, { trace: true });
  const verdict = failure ?? `nothing went wrong in ${steps} steps`;
  return `${trace.slice(-lines).join('\n')}\nseed ${seed}: ${verdict}\nrepeat it with SIMULATION_SEED=${seed}`;
}

describe('the simulated platform', () => {
  it(
    'keeps every promise, whatever fails, and comes to rest',
    async () => {
      if (REPLAY !== undefined) {
        process.stderr.write(`${await report(Number(REPLAY), Number.POSITIVE_INFINITY)}\n`);
        expect((await simulate(Number(REPLAY))).failure).toBeUndefined();
        return;
      }
      const failed = await firstFailure(SEEDS);
      if (failed !== undefined) throw new Error(await report(failed.seed, TRACE_LINES));
    },
    SEEDS_MS_MAX,
  );

  it('does the same again for the same seed', async () => {
    const first = await simulate(7, { trace: true });
    const second = await simulate(7, { trace: true });
    expect(first.trace.length).toBeGreaterThan(100);
    expect(second.trace).toEqual(first.trace);
  });
});
