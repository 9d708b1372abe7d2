import { sized } from '../support/sized.ts';
import { firstFailure, simulate } from './simulation.ts';

/** `SIMULATION_SEED=123` repeats one seed and shows all of it. */
const REPLAY = process.env['SIMULATION_SEED'];
const SEEDS = sized({ ci: 10_000, full: 50_000 });
/** The test files that share the seeds: as many as run side by side. */
const PARTS = 2;
/** The end of a trace, which shows what went wrong. */
const TRACE_LINES = 120;

export const SEEDS_MS_MAX = sized({ ci: 10 * 60_000, full: 120 * 60_000 });

/** Simulates one part of the seeds. @param part from 0 @throws with the end of the trace of the first seed that fails */
export async function expectPart(part: number): Promise<void> {
  if (REPLAY !== undefined) return replay(Number(REPLAY));
  const size = SEEDS / PARTS;
  const failed = await firstFailure({ first: part * size + 1, last: (part + 1) * size });
  if (failed !== undefined) throw new Error(await report(failed.seed, TRACE_LINES));
}

async function replay(seed: number): Promise<void> {
  process.stderr.write(`${await report(seed, Number.POSITIVE_INFINITY)}\n`);
  expect((await simulate(seed)).failure).toBeUndefined();
}

async function report(seed: number, lines: number): Promise<string> {
  const { failure, trace, steps } = await simulate(seed, { trace: true });
  const verdict = failure ?? `nothing went wrong in ${steps} steps`;
  return `${trace.slice(-lines).join('\n')}\nseed ${seed}: ${verdict}\nrepeat it with SIMULATION_SEED=${seed}`;
}
