import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Measurement } from './measurement.ts';

/** The median of a system's measurements. */
export interface Result extends Measurement {
  system: string;
  series: string;
  rows: number;
  /** Of every measurement. */
  rowsPerSecond: number[];
  /** What the ratio is to: `COPY` or `ready upsert`. */
  limit: string;
  /** Rows a second in relation to the limit of the same series, median to median. */
  ratio: number;
}

export function summarise(
  measured: ReadonlyMap<string, Measurement[]>,
  { series, rows, limit }: { series: string; rows: number; limit: string },
): Result[] {
  const limitSeconds = median(measured.get(limit) ?? [])?.seconds ?? Number.NaN;
  return [...measured].flatMap(([system, measurements]) => {
    const typical = median(measurements);
    if (typical === undefined) return [];
    const rowsPerSecond = measurements.map(({ seconds }) => Math.round(rows / seconds));
    return [{ ...typical, system, series, rows, rowsPerSecond, limit, ratio: limitSeconds / typical.seconds }];
  });
}

function median(measurements: Measurement[]): Measurement | undefined {
  return measurements.toSorted((a, b) => a.seconds - b.seconds)[measurements.length >> 1];
}

export function printTable(results: Result[]): void {
  const header = ['system', 'series', 'rows/s', 'least', 'most', 'of limit', 'its CPU s', 'its MB', 'PostgreSQL CPU s'];
  const lines = results.map((result) => [
    result.system,
    result.series,
    String(Math.round(result.rows / result.seconds)),
    String(Math.min(...result.rowsPerSecond)),
    String(Math.max(...result.rowsPerSecond)),
    `${result.ratio.toFixed(2)} of ${result.limit}`,
    result.loader.cpuSeconds.toFixed(2),
    String(result.loader.peakMegabytes),
    result.postgresCpuSeconds.toFixed(2),
  ]);
  const rows = [header, header.map(() => '---'), ...lines];
  process.stdout.write(`${rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`);
}

/** Keeps the results with machine and commit. */
export function saveResults(options: Record<string, unknown>, server: string, results: Result[]): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const [cpu] = cpus();
  const machine = {
    cpus: cpus().length,
    model: cpu?.model ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    server,
  };
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const at = new Date().toISOString();
  const path = join(folder, `${at.slice(0, 19).replaceAll(':', '')}-${commit}.json`);
  writeFileSync(path, `${JSON.stringify({ at, commit, machine, options, results }, undefined, 2)}\n`);
  return path;
}
