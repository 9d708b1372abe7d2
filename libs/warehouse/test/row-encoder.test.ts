import assert from 'node:assert/strict';
import { PipelineError } from '@pipeline/protocol';
import fc from 'fast-check';
import { encode } from './support/rows.ts';

/** Values as text, with everything that is hard about them. */
const number = fc.oneof(
  fc.integer().map(String),
  fc.bigInt().map(String),
  fc.stringMatching(/^-?(0|[1-9]\d{0,25})(\.\d{1,25})?([eE][+-]?\d{1,2})?$/),
  fc.constantFrom('-0', '1.0', '9223372036854775807', '9223372036854775808', 'NaN', '-Infinity', '0.0000'),
);
const instant = fc
  .tuple(
    fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
    fc.constantFrom('', '.1', '.123456', '.1234567', '.999999999'),
    fc.constantFrom('Z', 'z', '+00:00', '-08:00', '+05:30', '+0100', ''),
  )
  .map(([date, fraction, zone]) => JSON.stringify(date.toISOString().slice(0, 19) + fraction + zone));
const day = fc.oneof(
  fc.stringMatching(/^\d{4}-[01]\d-[0-3]\d$/).map((text) => JSON.stringify(text)),
  instant.map((text) => `${text.slice(0, 11)}"`),
);
const string = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc
    .string({
      unit: fc.constantFrom(
        '\\"',
        '\\\\',
        '\\n',
        '\\t',
        '\\/',
        '\\u00e9',
        '\\ud83d\\ude00',
        '\\ud800',
        '\\u0000',
        'x',
        'é',
      ),
    })
    .map((text) => `"${text}"`),
);
const document = fc.json().map((text) => text.replaceAll('\n', ' '));
const value = fc.oneof(number, instant, day, string, document, fc.constantFrom('null', 'true', 'false', '{}', '[]'));

const field = fc.tuple(
  fc.constantFrom('bigint', 'numeric', 'boolean', 'date', 'timestamptz', 'text', 'jsonb', '_sdc_deleted_at'),
  value,
);
const space = fc.constantFrom('', ' ');
const line = fc
  .tuple(fc.uniqueArray(field, { selector: ([name]) => name }), space)
  .map(
    ([fields, gap]) =>
      `{"type":${gap}"RECORD","stream":"s","record":${gap}{${fields.map(([name, text]) => `"${name}":${gap}${text}`).join(`,${gap}`)}}}`,
  );

test('the fast path writes byte for byte what the exact path writes', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
      const input = Buffer.from(lines.join('\n'));
      const fast = encode(input, false);
      const exact = encode(input, true);
      expect(withoutDocuments(fast.bytes)).toEqual(withoutDocuments(exact.bytes));
      // Positions are noted only where a COPY may fail.
      expect({ ...fast.encoded, positions: [] }).toEqual({ ...exact.encoded, positions: [] });
    }),
    { numRuns: 5_000 },
  );
});

/** The exact path writes a document without spaces and with other escapes, which is the same to `jsonb`: compare them as values. */
function withoutDocuments(rows: Buffer): unknown[] {
  const cells: unknown[] = [];
  let at = 0;
  while (at < rows.length) {
    const count = rows.readInt16BE(at);
    at += 2;
    for (let cell = 0; cell < count; cell++) {
      const length = rows.readInt32BE(at);
      at += 4;
      const bytes = rows.subarray(at, at + Math.max(0, length));
      at += bytes.length;
      const isDocument = cell === count - 1 && length > 0;
      cells.push(isDocument ? JSON.parse(bytes.toString('utf8', 1)) : `${length} ${bytes.toString('hex')}`);
    }
  }
  return cells;
}

/** Damage that a broken pipe or a bad writer does to a line. */
const damage = fc.record({
  at: fc.nat(),
  remove: fc.nat(3),
  insert: fc.constantFrom('', '"', '}', '{', ',', '\\', ':', '0', '-', '\u0001', 'x'),
});

test('a damaged line is read as what it says or refused as no message, but never crashes and never passes on the fast path alone', () => {
  fc.assert(
    fc.property(line, fc.array(damage, { minLength: 50, maxLength: 50 }), (text, damages) => {
      for (const { at, remove, insert } of damages) {
        const start = at % text.length;
        const damaged = Buffer.from(text.slice(0, start) + insert + text.slice(start + remove));
        const exact = attempt(damaged, true);
        const fast = attempt(damaged, false);
        if (exact instanceof PipelineError) {
          // What stands inside a document is left to jsonb.
          if (!(fast instanceof PipelineError)) assert(text.includes('"jsonb"'));
        } else assert.deepEqual(fast, exact);
      }
    }),
    // 100,000 cases.
    { numRuns: 2_000 },
  );
}, 120_000);

function attempt(line: Buffer, exact: boolean): unknown {
  try {
    const { bytes, encoded } = encode(line, exact);
    return [encoded.rows, encoded.rejected.length, withoutDocuments(bytes)];
  } catch (error) {
    if (error instanceof PipelineError) return error;
    if (error instanceof SyntaxError) return new PipelineError({ code: 'JSONB', recovery: 'fail', message: 'jsonb' });
    throw error;
  }
}
