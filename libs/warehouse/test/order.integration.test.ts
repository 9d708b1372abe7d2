import { sdcSequence } from '@pipeline/protocol';
import type { Json } from '@pipeline/singer';
import type { TestDatabase } from '@pipeline/testing';
import fc from 'fast-check';
import { createLoader, createWarehouseDatabase, type Loader, schemaOf } from './support/loading.ts';

let database: TestDatabase;
/** Small batches go as parameters, the others through a temporary table. */
let loaders: Loader[];
beforeAll(async () => {
  database = await createWarehouseDatabase();
  loaders = [0, 1024, Number.POSITIVE_INFINITY].map((sentBytesMax) => createLoader(database, { sentBytesMax }));
});
afterAll(async () => {
  await Promise.all((loaders ?? []).map((loader) => loader.close()));
  await database?.drop();
});

const KEYS = 10;
const RUNS = 200;

interface Delivery {
  sequence: bigint;
  records: Record<string, Json>[];
}

/** Few values, so that a row changes back to what it was. */
const record = fc.record({
  id: fc.nat(KEYS - 1),
  v: fc.constantFrom('a', 'b', null),
  deleted: fc.boolean(),
});
const epoch = fc.array(fc.array(record, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 3 });

/** Batches of three epochs in any order, some more than once, with some of them at the same time. */
const deliveries = fc.tuple(epoch, epoch, epoch).chain((epochs) => {
  const batches = epochs.flatMap((records, index) =>
    records.map((batch, seq): Delivery => ({ sequence: sdcSequence(index + 1, seq), records: batch.map(toRecord) })),
  );
  const repeated = fc.subarray(batches).map((again) => [...batches, ...again]);
  return repeated.chain((all) =>
    fc.tuple(fc.shuffledSubarray(all, { minLength: all.length }), fc.integer({ min: 1, max: 3 })),
  );
});

function toRecord({ id, v, deleted }: { id: number; v: string | null; deleted: boolean }): Record<string, Json> {
  return { id, v: v ?? 'none', ...(deleted ? { _sdc_deleted_at: '2024-01-01T00:00:00Z' } : {}) };
}

test('any order and any repetition of the batches of three epochs leads to the same rows', async () => {
  const schema = schemaOf('ordered', { id: { type: 'integer' }, v: { type: ['null', 'string'] } });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(deliveries, async ([batches, parallel]) => {
      // Each run has keys of its own in the same table.
      const first = KEYS * run++;
      const own = batches.map(({ sequence, records }) => ({
        sequence,
        records: records.map((record) => ({ ...record, id: first + Number(record['id']) })),
      }));
      for (let at = 0; at < own.length; at += parallel) {
        await Promise.all(
          own
            .slice(at, at + parallel)
            .map(({ records, sequence }, index) =>
              loaders[(run + at + index) % loaders.length]?.load(schema, records, sequence),
            ),
        );
      }
      const { rows } = await database.pool.query({
        text: `select id::int, v, _sdc_deleted_at is null from source.ordered where id >= $1 order by id`,
        values: [first],
        rowMode: 'array',
      });
      expect(rows).toEqual(newestRows(own));
    }),
    // Each run has ten keys, and each key is a case of its own: 2,000.
    { numRuns: RUNS },
  );
}, 600_000);

/** The last record of each key, in the order of extraction. */
function newestRows(batches: Delivery[]): unknown[] {
  const rows = new Map<Json, unknown[]>();
  for (const { records } of batches.toSorted((a, b) => (a.sequence < b.sequence ? -1 : 1))) {
    for (const { id, v, _sdc_deleted_at: deletedAt } of records) {
      rows.set(id ?? null, [id, v, deletedAt === undefined]);
    }
  }
  return [...rows.values()].sort((a, b) => Number(a[0]) - Number(b[0]));
}
