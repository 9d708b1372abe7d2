import { parseJson } from '../src/index.ts';

describe('parseJson', () => {
  it.each([
    ['integers beyond 2^53', '{"a":9007199254740993}'],
    ['decimals of any length', '[0.1234567890123456789]'],
    ['trailing zeros', '{"price":1.50}'],
    ['an integer written as a decimal', '{"n":1.0}'],
    ['negative zero', '[-0]'],
    ['negative zero with decimals', '{"a":-0.0,"b":[-0,1]}'],
    ['a lone number', '-0'],
    ['exponents beyond a double', '[1e400]'],
  ])('keeps %s digit for digit', (_, text) => {
    expect(JSON.stringify(parseJson(text))).toBe(text);
  });

  it('takes __proto__ for a key like any other', () => {
    const record = parseJson(
      '{"__proto__": {"polluted": 12345678901234567890}, "constructor": {"prototype": {"polluted": 1}}}',
    );
    expect(Object.keys(Object(record))).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('gives ordinary numbers as numbers', () => {
    expect(parseJson('{"a":[1,2.5,-3,0,10,0.25,"9007199254740993"]}')).toEqual({
      a: [1, 2.5, -3, 0, 10, 0.25, '9007199254740993'],
    });
  });
});
