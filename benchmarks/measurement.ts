import { postgresPids, type Usage, UsageWatch } from './process-usage.ts';

export interface Measurement {
  seconds: number;
  /** Of the loading processes together; memory of the largest. */
  loader: Usage;
  postgresCpuSeconds: number;
}

/** Runs `work` and measures time, the processes that it names, and PostgreSQL. */
export async function measure(work: (watch: (pid: number) => void) => Promise<void>): Promise<Measurement> {
  const pids = new Set<number>();
  const loaders = new UsageWatch(() => [...pids]);
  const postgres = new UsageWatch(postgresPids);
  const startedAt = performance.now();
  try {
    await work((pid) => pids.add(pid));
    const seconds = (performance.now() - startedAt) / 1000;
    return { seconds, loader: loaders.stop(), postgresCpuSeconds: postgres.stop().cpuSeconds };
  } finally {
    loaders.stop();
    postgres.stop();
  }
}
