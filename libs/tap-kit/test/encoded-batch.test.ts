import { randomBytes } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { BATCH_BYTES_MAX } from '@pipeline/protocol';
import { encodeBatches, type Oversized } from '../src/service/encoded-batch.ts';

const SCHEMA = '{"type":"SCHEMA","stream":"deals"}';
const STATE = '{"type":"STATE","value":{}}';
const textOf = (body: Buffer): string[] => zstdDecompressSync(body).toString('utf8').trimEnd().split('\n');

/** A line that no compression makes smaller than three quarters. */
const incompressible = (bytes: number): string => randomBytes(Math.ceil((bytes * 3) / 4)).toString('base64');

async function encode(lines: string[], state?: string) {
  const oversized: Oversized[] = [];
  const batches = await encodeBatches(SCHEMA, { stream: 'deals', lines, state }, (record) => {
    oversized.push(record);
    return Promise.resolve();
  });
  return { batches, oversized };
}

test('a batch is a Singer document: SCHEMA, records, STATE', async () => {
  const { batches } = await encode(['{"a":1}', '{"a":"é"}'], STATE);
  expect(batches).toHaveLength(1);
  expect(batches[0]).toMatchObject({ stream: 'deals', rows: 2, hasState: true });
  expect(textOf(batches[0]?.body ?? Buffer.alloc(0))).toEqual([SCHEMA, '{"a":1}', '{"a":"é"}', STATE]);
});

test('a draft that compresses badly becomes several batches below the limit, with the STATE on the last', async () => {
  const lines = Array.from({ length: 6 }, () => incompressible(BATCH_BYTES_MAX / 2));
  const { batches, oversized } = await encode(lines, STATE);
  expect(oversized).toEqual([]);
  expect(batches.length).toBeGreaterThan(1);
  expect(batches.flatMap(({ body }) => textOf(body).filter((line) => line !== SCHEMA && line !== STATE))).toEqual(
    lines,
  );
  for (const { body } of batches) expect(body.length).toBeLessThanOrEqual(BATCH_BYTES_MAX);
  expect(batches.map((batch) => batch.hasState)).toEqual([...batches.slice(1).map(() => false), true]);
});

test('a record that fits into no batch is set aside with its reason, and its STATE is kept', async () => {
  const line = incompressible(BATCH_BYTES_MAX * 2);
  const { batches, oversized } = await encode(['{"a":1}', line], STATE);
  expect(oversized.map((record) => record.line === line)).toEqual([true]);
  expect(oversized[0]?.reason).toMatch(/bytes after compression, more than the 4194304 of a batch/);
  expect(batches.map((batch) => batch.rows)).toEqual([1, 0]);
  expect(batches.at(-1)?.hasState).toBe(true);
});

test('a schema that fits into no batch is an error, not an endless loop', async () => {
  const huge = encodeBatches(
    incompressible(BATCH_BYTES_MAX * 2),
    { stream: 'deals', lines: [], state: undefined },
    () => Promise.resolve(),
  );
  await expect(huge).rejects.toMatchObject({ code: 'SCHEMA_TOO_LARGE' });
});
