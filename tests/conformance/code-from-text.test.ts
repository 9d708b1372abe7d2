import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
/** What makes code of a text. */
const CODE =
  /\beval\(|\bFunction\(|\bconstructor\.constructor\b|['"](?:node:)?vm['"]|\bset(?:Timeout|Interval)\(\s*['"`]/;
const PATTERN = /\bRegExp\(/;
/** Files that make patterns of text. It is their own, or every character of it that means something is escaped; never text of a source. */
const PATTERNS_OF_OWN_TEXT = [
  'libs/local-stack/src/rabbitmq-program.ts',
  'libs/service/src/redaction.ts',
  'libs/tap-kit/src/catalog/field-selection.ts',
  'libs/warehouse/src/rows/date-time-spelling.ts',
  'libs/warehouse/src/rows/exact-value.ts',
  'services/scheduler/web/src/pages/connections/selection.ts',
  'services/tap-wrike/src/reading/accepted-query.ts',
];

/** Sources of all that runs in production, by path. The sandbox does not. */
const sources = execFileSync('git', ['ls-files', 'libs/*/src/*.ts', 'services/*/src/*.ts', 'services/*/web/src/*'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('services/sandbox/'));
const holding = (pattern: RegExp) => sources.filter((path) => pattern.test(readFileSync(join(ROOT, path), 'utf8')));

describe('text', () => {
  it('becomes no code anywhere', () => {
    expect(sources.length).toBeGreaterThan(300);
    expect(holding(CODE)).toEqual([]);
  });

  it('becomes a pattern in a few known places only', () => {
    expect(holding(PATTERN)).toEqual(PATTERNS_OF_OWN_TEXT);
  });

  it.each([
    'eval(text)',
    'new Function(text)',
    'globalThis.Function(text)',
    "import { runInNewContext } from 'node:vm'",
    "setTimeout('text', 1)",
  ])('would be found out as code: %s (mutation)', (code) => {
    expect(code).toMatch(CODE);
  });
});
