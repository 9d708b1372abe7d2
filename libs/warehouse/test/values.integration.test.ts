import type { TestDatabase } from '@pipeline/testing';
import fc from 'fast-check';
import { createLoader, createWarehouseDatabase, type Loader, schemaOf } from './support/loading.ts';

let database: TestDatabase;
let sending: Loader;
let copying: Loader;
beforeAll(async () => {
  database = await createWarehouseDatabase();
  sending = createLoader(database, { sentBytesMax: Number.POSITIVE_INFINITY });
  copying = createLoader(database, { sentBytesMax: 0 });
});
afterAll(async () => {
  await sending?.close();
  await copying?.close();
  await database?.drop();
});

const schema = schemaOf('values', {
  id: { type: 'integer' },
  document: { type: ['null', 'object'] },
  number: { type: ['null', 'number'] },
  instant: { type: ['null', 'string'], format: 'date-time' },
  day: { type: ['null', 'string'], format: 'date' },
  text: { type: ['null', 'string'] },
});

const SAMPLES = 3_000;

/** Characters that JSON, COPY and SQL each give a meaning to. */
const character = fc.oneof(
  fc.constantFrom('\\', '"', '\n', '\t', '\r', '\\N', "'", '/', '{', ',', '\u0001', 'é', '😀'),
  fc.string({ unit: 'grapheme', maxLength: 3 }),
);
const text = fc.array(character, { maxLength: 20 }).map((parts) => parts.join('').replaceAll('\0', ''));
const number = fc.stringMatching(/^-?(0|[1-9]\d{0,40})(\.\d{1,40})?([eE][+-]?\d{1,2})?$/);
const year = fc.oneof(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1900, max: 2100 }));
const instant = fc
  .tuple(year, fc.nat(364), fc.nat(86_399), fc.nat(999_999), fc.constantFrom('Z', '+05:30', '-11:00'))
  .map(([year, dayOfYear, second, micros, zone]) => {
    const date = new Date(Date.UTC(2001, 0, 1 + dayOfYear, 0, 0, second)).toISOString();
    return `${String(year).padStart(4, '0')}${date.slice(4, 19)}.${String(micros).padStart(6, '0')}${zone}`;
  });

interface Sample {
  document: string;
  number: string;
  instant: string;
  text: string;
}

const sample: fc.Arbitrary<Sample> = fc.record({
  // Spread by the writer, as Python does it.
  document: fc
    .jsonValue({ stringUnit: 'grapheme' })
    .map((value) => JSON.stringify({ value }).replaceAll('\\u0000', '0')),
  number,
  instant,
  text,
});

test.each([
  ['sent as a parameter', () => [sending]],
  ['copied directly into the table, then through a temporary table', () => [copying, copying]],
])('every value is in the table as PostgreSQL itself reads it from its text: %s', async (_, loaders) => {
  const samples = fc.sample(sample, SAMPLES);
  const lines = samples.map(
    ({ document, number, instant, text }, id) =>
      `{"type":"RECORD","stream":"values","record":{"id":${id},"document":${document},"number":${number},` +
      `"instant":"${instant}","day":"${instant.slice(0, 10)}","text":${JSON.stringify(text)}}}`,
  );
  await database.pool.query('drop table if exists source.values');
  for (const [sequence, loader] of loaders().entries()) {
    const result = await loader.loadLines(schema, lines, BigInt(sequence));
    expect(result).toEqual({ loaded: SAMPLES, rejected: [], sanitised: 0, stale: 0 });
  }
  const { rows } = await database.pool.query(
    `select s.* from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as s (document, number, instant, text, n)
     left join source.values v on v.id = s.n - 1
     where v.document is distinct from s.document::jsonb
       or v.number::text is distinct from s.number::numeric::text
       or v.instant is distinct from s.instant::timestamptz
       or v.day is distinct from left(s.instant, 10)::date
       or v.text is distinct from s.text`,
    [
      samples.map((sample) => sample.document),
      samples.map((sample) => sample.number),
      samples.map((sample) => sample.instant),
      samples.map((sample) => sample.text),
    ],
  );
  expect(rows).toEqual([]);
});

test.each([
  ['sent as a parameter', () => sending],
  ['copied', () => copying],
])('a document that is nested too deep is set aside, and the records beside it are loaded: %s', async (_, loader) => {
  const line = (id: number, levels: number) =>
    `{"type":"RECORD","stream":"values","record":{"id":${id},"document":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}}`;
  const depths = [1, 1_000, 1_001, 100_000];
  await database.pool.query('drop table if exists source.values');
  const result = await loader().loadLines(
    schema,
    depths.map((levels, id) => line(id, levels)),
    1n,
  );
  expect(result.rejected.map(({ reason }) => reason)).toEqual([
    'the record is nested too deep',
    'the record is nested too deep',
  ]);
  const { rows } = await database.pool.query('select id::int from source.values order by id');
  expect(rows).toEqual([{ id: 0 }, { id: 1 }]);
});
