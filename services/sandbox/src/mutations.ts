import { z } from 'zod';
import { Random } from './random.ts';
import type { SourceApi } from './source-api.ts';
import { SourceName } from './sources.ts';

const JOBS_KEPT = 20;

export const MutationRequest = z.strictObject({
  source: SourceName.optional().describe('default: any source, at random'),
  count: z.int().min(1).max(1_000_000),
  seed: z.int().min(0).default(1),
  everyMs: z.number().min(1).max(60_000).optional().describe('one change at a time over time; default: all at once'),
});
export type MutationInput = z.input<typeof MutationRequest>;

export interface MutationJob {
  id: number;
  count: number;
  made: number;
  done: boolean;
  /** What the last change was. */
  last: string;
}

/** Random changes of the company, at once or while someone reads. */
export class Mutations {
  readonly #apis: readonly SourceApi[];
  readonly #jobs: MutationJob[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #nextId = 1;

  constructor(apis: readonly SourceApi[]) {
    this.#apis = apis;
  }

  /** @throws ZodError when the request makes no sense, RangeError when nothing is there to change. */
  start(input: MutationInput): MutationJob {
    const request = MutationRequest.parse(input);
    const random = new Random(request.seed);
    const apis = this.#apis.filter((api) => (request.source ?? api.source) === api.source);
    if (apis.length === 0) throw new RangeError('no such source');
    const job: MutationJob = { id: this.#nextId++, count: request.count, made: 0, done: false, last: '' };
    this.#jobs.push(job);
    this.#jobs.splice(0, Math.max(0, this.#jobs.length - JOBS_KEPT));
    const change = (): void => {
      const api = random.pick(apis);
      job.last = `${api.source}: ${api.mutate(random)}`;
      job.made += 1;
      job.done = job.made >= job.count;
    };
    if (request.everyMs === undefined) while (!job.done) change();
    else this.#repeat(change, job, request.everyMs);
    return job;
  }

  list(): readonly MutationJob[] {
    return this.#jobs;
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers.clear();
    for (const job of this.#jobs) job.done = true;
  }

  #repeat(change: () => void, job: MutationJob, everyMs: number): void {
    const timer = setInterval(() => {
      change();
      if (!job.done) return;
      clearInterval(timer);
      this.#timers.delete(timer);
    }, everyMs);
    this.#timers.add(timer);
  }
}
