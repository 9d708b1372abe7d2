import { readdirSync, readFileSync } from 'node:fs';

export interface Usage {
  cpuSeconds: number;
  peakMegabytes: number;
}

const SAMPLE_MS = 50;
/** USER_HZ, which Linux has fixed at 100 for everything that it shows to programs. */
const TICKS_PER_SECOND = 100;

/** Watches processes of this machine until it is told to stop. A sample is at most 50 ms old when a process ends. */
export class UsageWatch {
  readonly #pids: () => number[];
  readonly #seen = new Map<number, { first: number; last: number; peak: number }>();
  readonly #timer: NodeJS.Timeout;

  constructor(pids: () => number[]) {
    this.#pids = pids;
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
  }

  /** What they have used since the beginning: CPU of all together, memory of the largest. */
  stop(): Usage {
    this.#sample();
    clearInterval(this.#timer);
    const all = [...this.#seen.values()];
    return {
      cpuSeconds: all.reduce((sum, { first, last }) => sum + last - first, 0) / TICKS_PER_SECOND,
      peakMegabytes: Math.round(Math.max(0, ...all.map(({ peak }) => peak)) / 1024),
    };
  }

  #sample(): void {
    for (const pid of this.#pids()) {
      const sample = sampleOf(pid);
      if (sample === undefined) continue;
      const seen = this.#seen.get(pid);
      if (seen === undefined) this.#seen.set(pid, { first: sample.ticks, last: sample.ticks, peak: sample.peak });
      else Object.assign(seen, { last: sample.ticks, peak: Math.max(seen.peak, sample.peak) });
    }
  }
}

/** Every server process of PostgreSQL on this machine, also within containers. */
export function postgresPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => readQuietly(`/proc/${pid}/comm`).trim() === 'postgres');
}

function sampleOf(pid: number): { ticks: number; peak: number } | undefined {
  const stat = readQuietly(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 13) return undefined;
  const peak = /^VmHWM:\s+(\d+)/m.exec(readQuietly(`/proc/${pid}/status`))?.[1];
  return { ticks: Number(fields[11]) + Number(fields[12]), peak: Number(peak ?? 0) };
}

/** A process may end between two looks. */
function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
