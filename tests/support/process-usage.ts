import { readFileSync } from 'node:fs';

/** USER_HZ, which Linux has fixed at 100 for everything that it shows to programs. */
const TICKS_PER_SECOND = 100;

/** Of a process, in bytes. */
export interface ProcessMemory {
  /** Pages in memory: its own, and those of files that other processes may share. */
  resident: number;
  /** Its own: heap, malloc, stacks. Node's program file is not among them. */
  anonymous: number;
}

/** As Linux counts it at this moment, proc(5). @throws when there is no such process. */
export function memoryOf(pid: number): ProcessMemory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return { resident: bytesOf('Rss', text), anonymous: bytesOf('Anonymous', text) };
}

/** The most that the process ever had resident, in bytes. 0: it has ended. */
export function peakMemoryOf(pid: number | undefined): number {
  try {
    return bytesOf('VmHWM', readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return 0;
  }
}

/** What a process has used since its start, with all its threads. 0: it has ended. */
export function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

function bytesOf(field: string, text: string): number {
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return Number(kibibytes ?? 0) * 1_024;
}
