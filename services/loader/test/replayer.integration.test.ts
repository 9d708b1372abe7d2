import { migrateControl, registerPipeline, rejectRecords, replayRejected } from '@pipeline/control';
import { inTransaction } from '@pipeline/postgres';
import { sdcSequence } from '@pipeline/protocol';
import type { SchemaMessage } from '@pipeline/singer';
import { createTestDatabase, type TestDatabase } from '@pipeline/testing';
import { createWarehouse, type Warehouse } from '@pipeline/warehouse';
import { replayAll } from '../src/replayer.ts';

const PIPELINE = 'pipeline_test_to_postgres';
const EPOCH = 5;
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => logger };
const schema: SchemaMessage = {
  type: 'SCHEMA',
  stream: 'deals',
  schema: { type: 'object', properties: { id: { type: 'string' }, amount: { type: 'string' } } },
  key_properties: ['id'],
};
const line = (id: string, amount: string) =>
  JSON.stringify({ type: 'RECORD', stream: 'deals', record: { id, amount } });

describe('the replay of a rejected record', () => {
  let database: TestDatabase;
  let warehouse: Warehouse;
  const query = async (text: string, values: unknown[] = []) => (await database.pool.query(text, values)).rows;
  const write = (text: string, sequence: bigint) =>
    inTransaction(database.pool, async (client) => {
      const table = await warehouse.prepare(schema, { databaseSchema: 'test' });
      return warehouse.write(client, table, Buffer.from(`${text}\n`), { sequence, receivedAt: new Date() });
    });
  const reject = async (record: string, seq: number) => {
    const place = { position: 0, column: 'amount', sqlstate: '22P02', reason: 'not an integer' };
    await rejectRecords(database.pool, [
      { pipeline: PIPELINE, stream: 'deals', runId: crypto.randomUUID(), epoch: EPOCH, seq, ...place, record },
    ]);
    const [row] = await query('select max(id)::text as id from pipeline.rejected_records');
    return String(row.id);
  };
  const replay = async (id: string) => {
    expect(await replayRejected(database.pool, { ids: [id], actor: 'operator' })).toEqual([id]);
    await replayAll({ pool: database.pool, warehouse, logger });
    const [row] = await query('select status, reason from pipeline.rejected_records where id = $1', [id]);
    return row;
  };

  beforeAll(async () => {
    database = await createTestDatabase({ name: 'replayer', prepare: migrateControl });
    await registerPipeline(database.pool, { name: PIPELINE, source: 'test', streams: [] });
    await query(
      `insert into pipeline.rejected_schemas (pipeline, stream, message) values ('${PIPELINE}', 'deals', $1)`,
      [JSON.stringify(schema)],
    );
    warehouse = createWarehouse({ pool: database.pool });
    // Somebody else chose the type: the engine casts, and what does not fit is rejected.
    await write(line('1', '10'), sdcSequence(EPOCH, 0));
    await query('alter table test.deals alter column amount type integer using amount::integer');
  });
  afterAll(() => database.drop());

  it('leaves the record open, with the reason, while nothing is mended', async () => {
    const { rejected } = await write(line('2', 'twelve'), sdcSequence(EPOCH, 1));
    expect(rejected).toHaveLength(1);
    const row = await replay(await reject(line('2', 'twelve'), 1));
    expect(row).toMatchObject({ status: 'open' });
    expect(row.reason).not.toContain('twelve');
    await query('delete from pipeline.rejected_records');
  });

  describe('after the column was mended', () => {
    beforeAll(async () => {
      await query('alter table test.deals alter column amount type text');
    });

    it('loads it, once, under the sequence of its batch', async () => {
      const id = await reject(line('2', 'twelve'), 1);
      expect(await replay(id)).toMatchObject({ status: 'replayed' });
      expect(await query(`select amount, _sdc_sequence::text as sequence from test.deals where id = '2'`)).toEqual([
        { amount: 'twelve', sequence: String(sdcSequence(EPOCH, 1)) },
      ]);
      expect(await replayRejected(database.pool, { ids: [id], actor: 'operator' })).toEqual([]);
    });

    it('does not overwrite what was read later', async () => {
      const id = await reject(line('3', 'old'), 2);
      await write(line('3', 'new'), sdcSequence(EPOCH + 1, 0));
      expect(await replay(id)).toMatchObject({ status: 'replayed' });
      expect(await query(`select amount from test.deals where id = '3'`)).toEqual([{ amount: 'new' }]);
    });

    it('says what to do instead where no schema is kept', async () => {
      await query('delete from pipeline.rejected_schemas');
      const row = await replay(await reject(line('4', 'x'), 3));
      expect(row).toMatchObject({ status: 'open' });
      expect(row.reason).toContain('refresh the stream');
    });
  });
});
