import { allowColumns, type Claim, recordSchema, rejectRecords, replayRejected } from '@pipeline/control';
import { inTransaction } from '@pipeline/postgres';
import { batchesQueue, batchRoutingKey } from '@pipeline/protocol';
import { Registry } from '@pipeline/service';
import type { JsonObject, JsonSchema, SchemaMessage } from '@pipeline/singer';
import type { TestDatabase } from '@pipeline/testing';
import { createWarehouse, NEW_COLUMNS_MAX, type Warehouse } from '@pipeline/warehouse';
import { claim, controlDatabase, endCycles, PIPELINE, startTasks } from '../../../libs/control/test/support.ts';
import { faultText } from '../../../tests/fault-texts.ts';
import { createBatchHandler } from '../src/batch-handler.ts';
import { createMetrics } from '../src/metrics.ts';
import { COLUMN_CONSENT } from '../src/prepare-table.ts';
import { replayAll } from '../src/replayer.ts';
import { batchOf, limits, logger } from './support/batches.ts';

const METADATA = 6;
const FILLED = { id: 1, f1: 'first', f1999: 'last' };

/** A key and so many properties more. */
function wide(stream: string, properties: number): SchemaMessage {
  const names = Array.from({ length: properties }, (_, index) => [`f${index}`, { type: 'string' as const }]);
  const schema: JsonSchema = { type: 'object', properties: { id: { type: 'integer' }, ...Object.fromEntries(names) } };
  return { type: 'SCHEMA', stream, schema, key_properties: ['id'] };
}

describe('a source whose schema brings very many columns at once', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
  });
  afterEach(async () => {
    await endCycles(database.pool);
    await database.pool.query('update pipeline.pipelines set requested_streams = null');
  });
  afterAll(() => database.drop());

  const claimStream = async (stream: string): Promise<Claim> =>
    claim(database.pool, (await startTasks(database.pool, stream)).get(stream));
  const loaderWith = (warehouse: Warehouse) => {
    const handle = createBatchHandler({
      pool: database.pool,
      warehouse,
      finaliser: { wake: () => undefined, stop: () => Promise.resolve() },
      metrics: createMetrics(new Registry()),
      logger,
      limits,
      signal: new AbortController().signal,
      onDefect: () => undefined,
    });
    return async (task: Claim, schema: SchemaMessage, record: JsonObject, seq = 0): Promise<string> => {
      const { headers, body } = await batchOf(task, { seq, records: [record], schema });
      const routingKey = batchRoutingKey('test', task.stream);
      return handle({ queue: batchesQueue('test'), routingKey, headers: { ...headers }, body });
    };
  };
  const asking = () => createWarehouse({ pool: database.pool, columnConsent: COLUMN_CONSENT });
  const load = (...batch: Parameters<ReturnType<typeof loaderWith>>) => loaderWith(asking())(...batch);
  /** Sets a record aside that came with this schema. Returns its id. */
  const reject = async ({ runId, epoch, stream }: Claim, message: SchemaMessage, record: JsonObject) => {
    await inTransaction(database.pool, (client) => recordSchema(client, { pipeline: PIPELINE, stream, message }));
    const line = JSON.stringify({ type: 'RECORD', stream, record });
    const why = { position: 0, column: null, sqlstate: '23514', reason: 'the row breaks a check of its table' };
    await rejectRecords(database.pool, [{ pipeline: PIPELINE, stream, runId, epoch, seq: 1, record: line, ...why }]);
    const { rows } = await database.pool.query('select max(id)::text as id from pipeline.rejected_records');
    return String(rows[0]?.id);
  };
  const replay = async (id: string) => {
    await replayRejected(database.pool, { ids: [id], actor: 'olga' });
    await replayAll({ pool: database.pool, warehouse: asking(), logger });
    const { rows } = await database.pool.query('select status, reason from pipeline.rejected_records where id = $1', [
      id,
    ]);
    return rows[0];
  };
  const columnsOf = async (table: string) => {
    const { rows } = await database.pool.query(
      `select count(*)::int as columns from information_schema.columns where table_schema = 'test' and table_name = $1`,
      [table],
    );
    return rows[0]?.columns;
  };
  const taskOf = async ({ taskId }: Claim) =>
    (await database.pool.query('select status, error, error_code as code from pipeline.tasks where id = $1', [taskId]))
      .rows[0];
  const allow = (stream: string) =>
    allowColumns(database.pool, { pipeline: PIPELINE, root: { name: stream, children: [] }, actor: 'olga' });

  it('is stopped before its table is changed, says what to do, and goes on when an operator allows it', async () => {
    const stopped = await claimStream('grown');
    expect(await load(stopped, wide('grown', 1), { id: 1, f0: 'kept' })).toBe('ack');
    expect(await load(stopped, wide('grown', 2_000), FILLED, 1)).toBe('ack');
    expect(await taskOf(stopped)).toEqual({
      status: 'failed',
      code: 'TOO_MANY_NEW_COLUMNS',
      error: expect.stringMatching(faultText('manyColumns')),
    });
    expect(await columnsOf('grown')).toBe(2 + METADATA);

    await endCycles(database.pool);
    expect(await allow('grown')).toEqual([{ stream: 'grown', columns: 1_000 }]);
    const { rows } = await database.pool.query(
      'select requested_streams as streams, requested_by as by from pipeline.pipelines',
    );
    expect(rows).toEqual([{ streams: ['grown'], by: 'olga' }]);
    expect(await load(await claimStream('grown'), wide('grown', 2_000), FILLED)).toBe('ack');
    // What has no column stands in the column for what is left over.
    expect(await columnsOf('grown')).toBe(1_001);
    const { rows: loaded } = await database.pool.query(
      `select f0, f1, _sdc_extra ->> 'f1999' as f1999 from test.grown`,
    );
    expect(loaded).toEqual([{ f0: null, f1: 'first', f1999: 'last' }]);
  });

  it('is stopped for a table that is not there yet, too, and the table is not made', async () => {
    const stopped = await claimStream('begun');
    expect(await load(stopped, wide('begun', 2_000), FILLED)).toBe('ack');
    expect(await taskOf(stopped)).toMatchObject({
      code: 'TOO_MANY_NEW_COLUMNS',
      error: expect.stringContaining('its table begun would begin with 2001 columns, and more than 2000 at once'),
    });
    expect(await columnsOf('begun')).toBe(0);
    await endCycles(database.pool);
    await allow('begun');
    expect(await load(await claimStream('begun'), wide('begun', 2_000), FILLED)).toBe('ack');
    expect(await columnsOf('begun')).toBe(1_000 + 1);
  });

  it('is no question up to the limit, nor with what was allowed once', async () => {
    const task = await claimStream('wider');
    expect(await load(task, wide('wider', 0), { id: 1 })).toBe('ack');
    expect(await load(task, wide('wider', NEW_COLUMNS_MAX), { id: 1 }, 1)).toBe('ack');
    expect(await columnsOf('wider')).toBe(1 + NEW_COLUMNS_MAX + METADATA);
    await expect(allow('wider')).rejects.toThrow('wider was not stopped because of new columns');
    await endCycles(database.pool);
    expect(await load(await claimStream('allowed'), wide('allowed', 2_000), FILLED)).toBe('ack');
    await endCycles(database.pool);
    await allow('allowed');
    await expect(allow('allowed')).rejects.toThrow('there is nothing to allow');
  });

  it('is asked for by a rejected record that is replayed, too', async () => {
    const task = await claimStream('replayed');
    expect(await load(task, wide('replayed', 1), { id: 2 })).toBe('ack');
    const id = await reject(task, wide('replayed', 2_000), FILLED);
    expect(await replay(id)).toMatchObject({
      status: 'open',
      reason: expect.stringContaining('pipeline allow-columns'),
    });
    expect(await columnsOf('replayed')).toBe(2 + METADATA);
    expect(await allow('replayed')).toEqual([{ stream: 'replayed', columns: 1_000 }]);
    expect(await replay(id)).toMatchObject({ status: 'replayed' });
    expect(await columnsOf('replayed')).toBe(1_001);
  });

  it('would leave nothing to allow if a replay only prepared its table (mutation)', async () => {
    const prepared = asking().prepare(wide('unasked', 2_000), { databaseSchema: 'test' });
    await expect(prepared).rejects.toMatchObject({ code: 'TOO_MANY_NEW_COLUMNS' });
    await expect(allow('unasked')).rejects.toThrow('there is nothing to allow');
  });

  it('would fill its table for good without the limit (mutation)', async () => {
    const unlimited = { allowed: Number.POSITIVE_INFINITY };
    const task = await claimStream('filled');
    const loadAnything = loaderWith(createWarehouse({ pool: database.pool, columnConsent: unlimited }));
    await loadAnything(task, wide('filled', 1), { id: 1 });
    await loadAnything(task, wide('filled', 2_000), FILLED, 1);
    expect(await columnsOf('filled')).toBe(1_001);
  });
});
