import { parentsFirst } from '../src/apply-deletes.ts';

const perParent = (parent: string) => ({
  rows: 0,
  deletes: { kind: 'absent-per-parent' as const, parent, columns: {} },
});
const absent = { rows: 0, deletes: { kind: 'absent' as const } };

describe('parentsFirst', () => {
  it('puts every parent before its children, however deep', () => {
    const ordered = parentsFirst({ c: perParent('b'), b: perParent('a'), a: absent, d: absent }).map(
      ([stream]) => stream,
    );
    expect(ordered.indexOf('a')).toBeLessThan(ordered.indexOf('b'));
    expect(ordered.indexOf('b')).toBeLessThan(ordered.indexOf('c'));
    expect(ordered).toHaveLength(4);
  });

  it('refuses rules that depend on one another in a circle', () => {
    expect(() => parentsFirst({ a: perParent('b'), b: perParent('a') })).toThrow(RangeError);
  });
});
