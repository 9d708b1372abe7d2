import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readComparison, scoresByKind } from '../../../benchmarks/behaviour/comparison.ts';
import { readFixtures } from './fixture.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../docs/guides/target-postgres.md'), 'utf8');
const ACCESS = readFileSync(join(import.meta.dirname, 'access.integration.test.ts'), 'utf8');

const [, section = ''] = /## What happens to existing tables\n([\s\S]*?)\n## /.exec(GUIDE) ?? [];
/** First cell of each row, and the tests that its last one names. */
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| the table has |'))
  .map((line) => line.split(' | '))
  .map(([subject = '', , tests = '']) => ({
    subject,
    fixtures: [...tests.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    sentences: [...tests.matchAll(/"([^"]+)"/g)].map(([, name]) => name),
  }));
const named = rows.flatMap(({ fixtures }) => fixtures);
const fixtures = readFixtures().map(({ name }) => name);

describe('the guide says what happens to existing tables', () => {
  it.each(rows)('and has a test for it: $subject', (row) => {
    expect(row.fixtures.length + row.sentences.length).toBeGreaterThan(0);
    expect(row.fixtures.filter((name) => name === undefined || !fixtures.includes(name))).toEqual([]);
    expect(row.sentences.filter((name) => !ACCESS.includes(`it('${name}'`))).toEqual([]);
  });

  it('and leaves no fixture of an existing table out', () => {
    const existing = fixtures.filter((name) => name.startsWith('existing/') || name.startsWith('evolution/existing-'));
    expect(existing.filter((name) => !named.includes(name))).toEqual([]);
  });
});

describe('the comparison with other targets', () => {
  const comparison = readComparison();

  it('has every case: node benchmarks/behaviour/main.ts --only <name>, then npm run generate', () => {
    expect(Object.keys(comparison?.cases ?? {}).sort()).toEqual(fixtures.toSorted());
  });

  it('shows more cases passed here than by any other, in every kind', () => {
    for (const { kind, cases, passed } of comparison === undefined ? [] : scoresByKind(comparison)) {
      const { ours, ...others } = passed;
      expect({ kind, ours }).toEqual({ kind, ours: cases });
      expect(Math.max(...Object.values(others))).toBeLessThan(cases);
    }
  });
});
