import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { auditVerdict, changedPackages, scriptsOutside, tooYoung } from '../../tools/lock-file.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const lockOf = (packages: object) => JSON.stringify({ packages });
const NOW = Date.parse('2026-11-20T00:00:00Z');
const ageOf = (times: string) => tooYoung(times, '1.0.0', { now: NOW, daysMin: 7 });

describe('the packages we use', () => {
  it('run no install script: .npmrc forbids all of them', () => {
    expect(readFileSync(join(ROOT, '.npmrc'), 'utf8').split('\n')).toContain('ignore-scripts=true');
  });

  it('fail the gate when one brings an install script that nobody has named', () => {
    const lock = lockOf({
      '': { hasInstallScript: true },
      'node_modules/known': { version: '1.0.0', hasInstallScript: true },
      'node_modules/@scope/x': { version: '1.0.0', hasInstallScript: true },
      'node_modules/a/node_modules/evil': { version: '1.0.0', hasInstallScript: true },
    });
    expect(scriptsOutside(lock, ['known', '@scope/'])).toEqual(['evil']);
  });

  it('are compared with those before: what is new or has another version', () => {
    const before = lockOf({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } });
    const after = lockOf({
      'node_modules/a': { version: '1.0.1' },
      'node_modules/b': { version: '1.0.0' },
      'node_modules/@pipeline/x': { link: true },
    });
    expect(changedPackages(before, after)).toEqual([{ name: 'a', version: '1.0.1' }]);
  });

  it.each([
    ['{"1.0.0":"2026-11-19T00:00:00Z"}', 'young'],
    ['{"1.0.0":"2026-11-13T00:00:01Z"}', 'young'],
    ['{"1.0.0":"2026-11-13T00:00:00Z"}', 'old enough'],
    ['{"0.9.0":"2026-01-01T00:00:00Z"}', 'unknown'],
    ['', 'unknown'],
  ])('are at least a week old: %s is %s', (times, expected) => {
    expect(ageOf(times)).toBe(expected);
  });

  it('fail the gate with a high weakness, and say so where a registry has no audit', () => {
    const finding = (severity: string) => JSON.stringify({ vulnerabilities: { axios: { severity, range: '<2' } } });
    expect(auditVerdict(finding('high'))).toEqual({ kind: 'audited', findings: ['axios <2 has a high weakness'] });
    expect(auditVerdict(finding('low'))).toEqual({ kind: 'audited', findings: [] });
    expect(auditVerdict('{"message":"405 Method Not Allowed"}')).toEqual({
      kind: 'unavailable',
      because: '405 Method Not Allowed',
    });
  });
});

describe('the workflow of GitHub', () => {
  const workflow = readFileSync(join(ROOT, '.github/workflows/ci.yml'), 'utf8');

  it('runs what CI runs anywhere, and may only read', () => {
    expect(workflow).toMatch(/^ +- run: \.ci\/run$/m);
    expect(workflow).toMatch(/^permissions:\n {2}contents: read\n\n/m);
  });

  it('uses actions by commit, which nobody can move as a tag', () => {
    const used = [...workflow.matchAll(/\buses: (\S+)/g)].map(([, action]) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });
});
