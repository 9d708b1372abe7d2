import type { TestDatabase } from '@pipeline/testing';
import {
  archiveDeadLetter,
  discardObsoleteDeadLetters,
  failTask,
  finalise,
  finishExtraction,
  listDeadLetterRows,
  noteDeliveryError,
} from '../src/index.ts';
import { claim, controlDatabase, endCycles, loadBatch, manifestOf, noDeletes, startTasks } from './support.ts';

const letterOf = (messageId: string, headers: Record<string, unknown>) => ({
  ...{ queue: 'loader.test', exchange: 'pipeline.singer', routingKey: 'singer.test.deals', messageId, headers },
  ...{ reason: 'rejected', properties: {}, body: Buffer.from('body') },
});

describe('dead letters', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
  });
  afterEach(async () => {
    await endCycles(database.pool);
    await database.pool.query('truncate pipeline.dead_letters, pipeline.delivery_errors');
  });
  afterAll(() => database.drop());

  it('keep the last error, and what the broker says where nobody said more', async () => {
    const { pool } = database;
    const error = { queue: 'loader.test', messageId: '1/0', code: '42P01' };
    await noteDeliveryError(pool, { ...error, reason: 'the first' });
    await noteDeliveryError(pool, { ...error, reason: 'relation "deals" does not exist' });
    expect(await archiveDeadLetter(pool, letterOf('1/0', {}))).toBe('relation "deals" does not exist');
    expect(await archiveDeadLetter(pool, letterOf('1/1', {}))).toBe('rejected');
    expect(await listDeadLetterRows(pool, { status: 'open', before: null, limit: 10 })).toEqual([
      expect.objectContaining({ reason: 'rejected' }),
      expect.objectContaining({ reason: 'relation "deals" does not exist' }),
    ]);
    expect((await pool.query('select from pipeline.delivery_errors')).rowCount).toBe(0);
  });

  it('are discarded by themselves when their attempt is over and a later one has loaded the stream, and not before', async () => {
    const { pool } = database;
    const tasks = await startTasks(pool, 'deals');
    const lost = await claim(pool, tasks.get('deals'));
    await archiveDeadLetter(pool, letterOf(`${lost.epoch}/0`, { epoch: lost.epoch, seq: 0 }));
    await archiveDeadLetter(pool, letterOf('odd', { epoch: 'none' }));
    expect(await discardObsoleteDeadLetters(pool)).toEqual([]);
    await failTask(pool, lost.epoch, { error: 'batches were lost', retry: true });
    expect(await discardObsoleteDeadLetters(pool)).toEqual([]);
    const next = await claim(pool, tasks.get('deals'));
    await finishExtraction(pool, next.epoch);
    await loadBatch(pool, next, { seq: 0, manifest: manifestOf(next, 0) });
    expect(await discardObsoleteDeadLetters(pool)).toEqual([]);
    await finalise(pool, next.epoch, noDeletes);
    expect(await discardObsoleteDeadLetters(pool)).toEqual([
      expect.objectContaining({ close_reason: `attempt ${next.epoch} has loaded the stream since` }),
    ]);
    expect(await listDeadLetterRows(pool, { status: 'open', before: null, limit: 10 })).toEqual([
      expect.objectContaining({ epoch: null }),
    ]);
    const { rows } = await pool.query(
      `select status, closed_by from pipeline.dead_letters where closed_at is not null`,
    );
    expect(rows).toEqual([{ status: 'discarded', closed_by: 'scheduler' }]);
  });
});
