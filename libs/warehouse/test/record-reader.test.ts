import { DEPTH_MAX, readRecordLine, TooDeepError } from '../src/rows/record-reader.ts';

const FAR_TOO_DEEP = 200_000;

/** A record whose field holds so many objects and lists, one in another. */
function nested(levels: number): string {
  const pairs = levels >> 1;
  const value = `${'{"a":['.repeat(pairs)}${'['.repeat(levels % 2)}${']'.repeat(levels % 2)}${']}'.repeat(pairs)}`;
  return `{"type":"RECORD","stream":"s","record":{"id":1,"v":${value}}}`;
}

describe('a document in a record', () => {
  it('is read up to its largest depth', () => {
    expect(readRecordLine(nested(DEPTH_MAX), 's').fields.get('v')?.kind).toBe('document');
  });

  it('is refused beyond its largest depth, however deep it is', () => {
    expect(() => readRecordLine(nested(DEPTH_MAX + 1), 's')).toThrow(TooDeepError);
    expect(() => readRecordLine(nested(FAR_TOO_DEEP), 's')).toThrow(TooDeepError);
  });

  it('would run the process out of its stack without a largest depth (mutation)', () => {
    let error: unknown;
    try {
      readRecordLine(nested(FAR_TOO_DEEP), 's', Number.POSITIVE_INFINITY);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name: 'RangeError', message: expect.stringContaining('call stack') });
  });
});
