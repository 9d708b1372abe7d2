import { type Json, parseJson } from '../src/index.ts';

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

  it.each([
    ['under a key of any characters', '{"a-":1.50,"":2.50,"é":3.50,"a\\"b":4.50,"\\u0041":5.50}'],
    [
      'in strings that look like numbers',
      '{"a":":1.50,","b":"x\\":1.50,\\"y":","c{":":2.50,"}'.replace('\\"y":', '\\"y:'),
    ],
    [
      'beside the character that marks them',
      '{"a":1.50,"b":"\\u007f1.50","c":"\u007f2.50"}'.replace('\\u007f', '\u007f'),
    ],
    ['in lists and at any depth', '[{"a":[1.50,{"b":-0}]},-0.0,[[2.0]]]'],
    ['with blanks around them', '{ "a" : 1.50 , "b" : [ 2.50 ] }'],
  ])('keeps numbers %s', (_, text) => {
    expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text, digits)));
  });

  it('reads any document as the parser does that looks at every value', () => {
    const random = seeded(7);
    for (let round = 0; round < 2_000; round += 1) {
      const text = anyJson(random, 3);
      expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text, digits)));
    }
  });

  it.each(['{"a":01.50}', '{"a":1.2.3.4.5.6.7.8.90}', '{"a":1.50', '{"a":--1.50}', '{"a" 1.50}'])(
    'refuses what is no JSON: %s',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );

  it('returns ordinary numbers as numbers', () => {
    expect(parseJson('{"a":[1,2.5,-3,0,10,0.25,"9007199254740993"]}')).toEqual({
      a: [1, 2.5, -3, 0, 10, 0.25, '9007199254740993'],
    });
  });
});

/** Keeps each number as its text: slow, and right. */
function digits(_key: string, value: Json, { source }: { source?: string }): Json {
  return typeof value === 'number' && source !== undefined ? JSON.rawJSON(source) : value;
}

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const TEXTS = ['"a"', '"b c"', '"1.50"', '":1.50,"', '"\\""', '"{"', '",\\"x\\":1.50}"', '"\\\\"', '"x-"', '"[2.0,"'];
const NUMBERS = ['0', '-0', '1.50', '7', '0.25', '12345678901234567890', '1e5', '-1.0', '0.00', '1E-7', '2.500000'];

function anyJson(random: (below: number) => number, depth: number): string {
  const one = (list: string[]) => list[random(list.length)] ?? '0';
  const kind = random(depth === 0 ? 3 : 5);
  if (kind === 0) return one(TEXTS);
  if (kind <= 2) return kind === 1 ? one(NUMBERS) : one(['true', 'null', one(NUMBERS)]);
  const items = Array.from({ length: random(5) }, () => anyJson(random, depth - 1));
  const blank = one(['', ' ', '\n  ']);
  if (kind === 3) return `[${blank}${items.join(`${blank},${blank}`)}${blank}]`;
  return `{${items.map((item, place) => `${blank}"${place}${one(TEXTS).slice(1)}:${blank}${item}`).join(',')}${blank}}`;
}
