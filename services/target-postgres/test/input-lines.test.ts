import fc from 'fast-check';
import { readLines } from '../src/input/input-lines.ts';

async function* inPieces(text: string, sizes: number[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0, piece = 0; at < bytes.length; piece++) {
    const size = sizes[piece % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function linesOf(text: string, sizes: number[], lineBytesMax = 1_000): Promise<string[]> {
  const lines: string[] = [];
  await readLines(inPieces(text, sizes), lineBytesMax, (source, start, end) => {
    lines.push(source.toString('utf8', start, end));
    return undefined;
  });
  return lines;
}

test('returns the same lines however the input is cut into pieces', async () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\n', ''));
  const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1 }), sizes, async (lines, sizes) => {
      expect(await linesOf(`${lines.join('\n')}\n`, sizes)).toEqual(lines);
    }),
  );
});

test('returns a line of several mebibytes as it came, and those around it', async () => {
  const long = Array.from({ length: 600_000 }, (_, n) => String(n)).join(' ');
  const lines = ['a', long, '', 'b', long.slice(7)];
  expect(await linesOf(lines.join('\n'), [64 * 1024, 1_000_000], 10_000_000)).toEqual(lines);
});

test('takes a last line without its newline', async () => {
  expect(await linesOf('a\nb', [1])).toEqual(['a', 'b']);
});

test('refuses a line that grows beyond the limit, and takes one just below', async () => {
  await expect(linesOf(`${'x'.repeat(101)}\n`, [50], 100)).rejects.toThrow(RangeError);
  expect(await linesOf(`${'x'.repeat(100)}\n`, [50], 100)).toHaveLength(1);
});

test('reads on only when the taker is ready', async () => {
  let waiting = false;
  await readLines(inPieces('a\nb\nc\n', [2]), 10, async () => {
    expect(waiting).toBe(false);
    waiting = true;
    await new Promise(setImmediate);
    waiting = false;
  });
});
