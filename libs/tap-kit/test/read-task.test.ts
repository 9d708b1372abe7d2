import { PipelineError } from '@pipeline/protocol';
import { column, emptyState, objectSchema } from '@pipeline/singer';
import { defineStream, type Extract } from '../src/declaration.ts';
import { clientOf, ModelWarehouse, readStream, uncached } from '../testing/index.ts';

const session = { settings: {}, http: clientOf(() => Promise.resolve(null)), cached: uncached, account: undefined };
const startedAt = '2026-01-01T00:00:00.000Z';
const forbidden = new PipelineError({ code: 'SOURCE_FORBIDDEN', recovery: 'fix-config', message: 'no scope' });

const reading = (...extracts: (Extract | Error)[]) =>
  defineStream<object>({
    name: 'deals',
    keyProperties: ['id'],
    schema: objectSchema({ id: column.key, amount: column.number }),
    replication: { method: 'INCREMENTAL', key: 'updated_at' },
    children: [{ name: 'links', keyProperties: [], schema: objectSchema({ deal_id: column.key }) }],
    async *read() {
      for (const extract of extracts) {
        if (extract instanceof Error) throw extract;
        yield extract;
      }
    },
  });
const records = (stream: string, ...ids: string[]): Extract => ({
  type: 'records',
  stream,
  records: ids.map((id) => (stream === 'deals' ? { id } : { deal_id: id })),
});
const checkpoint = (after: string): Extract => ({ type: 'checkpoint', bookmark: { after } });
const absent = (stream: string): Extract => ({ type: 'deletes', stream, rule: { kind: 'absent' } });

test('a child that cannot be read proves nothing gone and keeps its reason, the others are whole', async () => {
  const stream = reading(
    absent('deals'),
    absent('links'),
    records('deals', '1'),
    { type: 'incomplete', stream: 'links', error: forbidden },
    checkpoint('a'),
  );
  const read = await readStream(session, stream, { startedAt });
  expect([...read.deletes.keys()]).toEqual(['deals']);
  expect([...read.incomplete]).toEqual([['links', forbidden]]);
  expect(read).toMatchObject({ isComplete: true, bookmark: { after: 'a' } });
  expect(read.state['full_read_at']).toEqual({ deals: startedAt });
});

test('a whole read that could not read everything does not count as one', async () => {
  const state = { bookmarks: { deals: { after: 'a' } }, full_read_at: {} };
  const stream = reading({ type: 'incomplete', stream: 'deals', error: forbidden }, checkpoint('b'));
  const read = await readStream(session, stream, { startedAt, state });
  expect(read.state).toMatchObject({ bookmarks: { deals: { after: 'b' } }, full_read_at: {} });
});

test('rejected records and notices are passed on, of streams that are selected', async () => {
  const rejected = { type: 'rejected', stream: 'links', key: { deal_id: '1' }, code: 'X', reason: 'r' } as const;
  const notice = { type: 'notice', stream: 'deals', code: 'Y', message: 'm' } as const;
  const stream = reading(rejected, notice);
  expect(await readStream(session, stream, { startedAt })).toMatchObject({ rejected: [rejected], notices: [notice] });
  const select = [{ stream: 'deals', fields: ['amount', 'hs_x'] }];
  const selected = await readStream(session, stream, { startedAt, select });
  expect(selected.rejected).toEqual([]);
  expect(selected.notices.map(({ code }) => code)).toEqual(['UNKNOWN_FIELD', 'Y']);
});

test('a limit that lasts for hours keeps the checkpoints and nothing else', async () => {
  const limit = new PipelineError({ code: 'DAILY', recovery: 'retry', message: 'm', context: { stopsRun: true } });
  const stream = reading(absent('deals'), records('deals', '1'), checkpoint('a'), records('deals', '2'), limit);
  const read = await readStream(session, stream, { startedAt });
  expect(read).toMatchObject({ isComplete: false, endedBy: limit, bookmark: { after: 'a' } });
});

describe('the model of a warehouse', () => {
  const truth = (...ids: string[]) => ({ stream: 'deals', rows: ids.map((id) => ({ id, amount: null })) });

  it('deletes what a whole read did not bring, unless it was rejected or the read died', async () => {
    const warehouse = new ModelWarehouse([reading()]);
    warehouse.load(await readStream(session, reading(records('deals', '1', '2')), { startedAt }));
    expect(warehouse.differences(truth('1', '2'))).toEqual([]);
    const whole = reading(absent('deals'), records('deals', '1'));
    warehouse.load(await readStream(session, whole, { startedAt, stopAfter: 2 }));
    expect(warehouse.differences(truth('1', '2'))).toEqual([]);
    const rejected = { type: 'rejected', stream: 'deals', key: { id: '2' }, code: 'X', reason: 'r' } as const;
    const withRejected = reading(absent('deals'), rejected, records('deals', '1'));
    warehouse.load(await readStream(session, withRejected, { startedAt }));
    expect(warehouse.differences(truth('1', '2'))).toEqual([]);
    warehouse.load(await readStream(session, whole, { startedAt }));
    expect(warehouse.differences(truth('1'))).toEqual([]);
    expect(warehouse.differences(truth('1', '2'))).toEqual(['deals 2 is missing']);
    expect(warehouse.differences(truth())).toEqual(['deals 1 is left over']);
  });

  it('takes back what a dead read left in a table without a key', async () => {
    const warehouse = new ModelWarehouse([reading()]);
    const stream = reading(records('links', '1'), checkpoint('a'), records('links', '2'), checkpoint('b'));
    const first = await readStream(session, stream, { startedAt, stopAfter: 3 });
    warehouse.load(first);
    expect(warehouse.live('links').size).toBe(2);
    const rest = reading(records('links', '2'), checkpoint('b'));
    warehouse.load(await readStream(session, rest, { startedAt, state: first.state }));
    expect([...warehouse.live('links').values()]).toEqual([{ deal_id: '1' }, { deal_id: '2' }]);
  });

  it('compares by meaning', async () => {
    const warehouse = new ModelWarehouse([reading()]);
    const stream = reading({ type: 'records', stream: 'deals', records: [{ id: '1', amount: 1.5 }] });
    warehouse.load(await readStream(session, stream, { startedAt, state: emptyState() }));
    expect(warehouse.differences({ stream: 'deals', rows: [{ id: '1', amount: JSON.rawJSON('1.50') }] })).toEqual([]);
    expect(warehouse.differences({ stream: 'deals', rows: [{ id: '1', amount: 2 }] })).toEqual([
      'deals 1 has amount 1.5, not 2',
    ]);
  });
});
