import { readEnvelope } from '../src/input/envelope.ts';

const read = (line: string) => readEnvelope(Buffer.from(line));

test('finds type and stream wherever they stand, and not within other members', () => {
  const line = '{"record":{"type":"STATE","stream":"x","a":["}",{"b":"\\""}]},"stream":"s","type":"record"}';
  expect(read(line)).toMatchObject({ type: 'RECORD', stream: 's' });
});

test('knows the beginning of a line that proves type and stream', () => {
  const start = '{"type":"RECORD", "stream":"s",';
  expect(read(`${start}"record":{}}`).prefixLength).toBe(start.length);
});

test('proves nothing by the beginning when the record stands in it', () => {
  expect(read('{"type":"RECORD","record":{"id":1},"stream":"s"}').prefixLength).toBeUndefined();
});

test.each([
  '',
  '[]',
  '{',
  '{"type"}',
  '{"type":"RECORD"',
  '{"type":"RECORD"}}',
  '{"type":"REC',
  '{"type":,}',
  '{type:1}',
])('refuses %j as invalid JSON', (line) => {
  expect(() => read(line)).toThrow(expect.objectContaining({ code: 'SINGER_INVALID_JSON' }));
});

test.each(['{}', '{"type":5}', '{"stream":"s"}'])('refuses %j as no message', (line) => {
  expect(() => read(line)).toThrow(expect.objectContaining({ code: 'SINGER_INVALID_MESSAGE' }));
});
