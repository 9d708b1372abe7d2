import { parseJson } from '@pipeline/singer';
import { canonical } from '../src/canonical.ts';

const same = (left: string, right: string) => canonical(parseJson(left)) === canonical(parseJson(right));

describe('canonical', () => {
  it.each([
    ['1', '1.0'],
    ['1.50', '1.5'],
    ['1e3', '1000'],
    ['0.001', '1e-3'],
    ['-0', '0'],
    ['12345678901234567890.10', '12345678901234567890.1'],
    ['"2026-01-01T12:00:00Z"', '"2026-01-01T13:00:00+01:00"'],
    ['"2026-01-01T12:00:00.5Z"', '"2026-01-01 12:00:00.500000+00"'],
    ['{"a":1,"b":null}', '{"b":null,"a":1.0}'],
    ['{"a":1}', '{"a":1,"b":null}'],
  ])('takes %s and %s for the same', (left, right) => {
    expect(same(left, right)).toBe(true);
  });

  it.each([
    ['12345678901234567890', '12345678901234567891'],
    ['"1"', '1'],
    ['""', 'null'],
    ['[1,2]', '[2,1]'],
    ['"2026-01-01T12:00:00.000001Z"', '"2026-01-01T12:00:00Z"'],
    ['{"a":0}', '{}'],
  ])('tells %s from %s', (left, right) => {
    expect(same(left, right)).toBe(false);
  });
});
