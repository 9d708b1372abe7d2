import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Our target among those that are compared. */
export const OURS = 'ours';

const FILE = join(import.meta.dirname, '../results/behaviour.json');

/** Which targets pass which cases. */
const Comparison = z.strictObject({
  at: z.iso.datetime(),
  /** Version by name, ours first. */
  targets: z.record(z.string(), z.string()),
  /** By case, such as `values/text-null`: names of the targets that pass. */
  cases: z.record(z.string(), z.array(z.string())),
});
export type Comparison = z.infer<typeof Comparison>;

/** How many cases of a kind each target passes. */
export interface KindScore {
  kind: string;
  cases: number;
  passed: Record<string, number>;
}

/** The last comparison; undefined when there was none. */
export function readComparison(): Comparison | undefined {
  try {
    return Comparison.parse(JSON.parse(readFileSync(FILE, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export function saveComparison(comparison: Comparison): void {
  writeFileSync(FILE, `${JSON.stringify(comparison, undefined, 2)}\n`);
}

export function scoresByKind({ targets, cases }: Comparison): KindScore[] {
  const kinds = Map.groupBy(Object.entries(cases), ([name]) => name.split('/')[0] ?? '');
  return [...kinds].map(([kind, all]) => ({
    kind,
    cases: all.length,
    passed: Object.fromEntries(
      Object.keys(targets).map((target) => [target, all.filter(([, passed]) => passed.includes(target)).length]),
    ),
  }));
}

export function scoreTable(scores: KindScore[]): string {
  const targets = Object.keys(scores[0]?.passed ?? {});
  const total = (of: (score: KindScore) => number) => scores.reduce((sum, score) => sum + of(score), 0);
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['kind', 'cases', ...targets]),
    line(['---', ...targets.map(() => '---'), '---']),
    ...scores.map(({ kind, cases, passed }) => line([kind, cases, ...Object.values(passed)])),
    line(['all', total(({ cases }) => cases), ...targets.map((target) => total(({ passed }) => passed[target] ?? 0))]),
  ].join('\n');
}
