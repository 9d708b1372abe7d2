import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Comparison, readComparison, scoresByKind, scoreTable } from '../../benchmarks/behaviour/comparison.ts';
import { replaceSection } from './marked-section.ts';

const GUIDE = 'docs/guides/target-postgres.md';
const MARKERS = {
  begin: '<!-- comparison: generated from benchmarks/results/behaviour.json -->',
  end: '<!-- end of comparison -->',
};

/** The guide with what each target passes, by kind.
 *  @throws when there is no comparison. */
export async function guideWithScores(root: string): Promise<string> {
  return replaceSection(await readFile(join(root, GUIDE), 'utf8'), MARKERS, scoreTable(scoresByKind(comparison())));
}

/** Every case, and which targets pass it. */
export function behaviourPage(): string {
  const { targets, cases } = comparison();
  const names = Object.keys(targets);
  const rows = Object.entries(cases).map(
    ([name, passed]) =>
      `| \`${name}\` | ${names.map((target) => (passed.includes(target) ? 'yes' : '–')).join(' | ')} |`,
  );
  return `${[
    '# What each target passes',
    '',
    'Generated from `behaviour.json`, which `node benchmarks/behaviour/main.ts` writes. A case is a fixture in `services/target-postgres/test/singer`: messages, and what',
    'the tables hold and how the run ends after them. What only our target has (its registry, its quarantine, its metadata columns) is not asked for. The kinds',
    '`contracts` and `changed` use settings that the others do not have, and `names` follows our rules for names.',
    '',
    ...Object.entries(targets).map(([name, version]) => `* ${name}: ${version}`),
    '',
    `| case | ${names.join(' | ')} |`,
    `| --- | ${names.map(() => '---').join(' | ')} |`,
    ...rows,
  ].join('\n')}\n`;
}

function comparison(): Comparison {
  const found = readComparison();
  if (found === undefined) throw new Error('there is no comparison: run node benchmarks/behaviour/main.ts');
  return found;
}
