import {
  archiveDeadLetter,
  type Claim,
  discardDeadLetter,
  finalise,
  replayDeadLetter,
  setState,
  skipDeadLetter,
} from '../src/index.ts';
import { bookmarked, deals, useControlDatabase } from './operator-fixture.ts';
import { type BatchOptions, headersOf, manifestOf, noDeletes } from './support.ts';

const control = useControlDatabase();
const { query, liveClaim, load } = control;

describe('an operator who deals with the dead letter of a batch', () => {
  const archive = async (task: Claim, options: BatchOptions) => {
    const manifest = options.manifest === undefined ? {} : { manifest: JSON.stringify(options.manifest) };
    await archiveDeadLetter(control.pool, {
      queue: 'loader.test',
      exchange: 'pipeline.singer',
      routingKey: 'singer.test.deals',
      messageId: `${task.epoch}/${options.seq}`,
      reason: 'rejected',
      properties: {},
      headers: { ...headersOf(task, options), ...manifest },
      body: Buffer.from('bytes'),
    });
    const [row] = await query('select max(id)::text as id from pipeline.dead_letters');
    return { id: String(row?.['id']), actor: 'operator' };
  };
  const sent: string[] = [];
  const publish = async ({ messageId }: { messageId: string | null }) => void sent.push(String(messageId));
  beforeEach(() => sent.splice(0));

  it('replays it while its attempt is live', async () => {
    const task = await liveClaim();
    const letter = await archive(task, { seq: 3 });
    expect(await replayDeadLetter(control.pool, letter, publish)).toBe('sent');
    expect(sent).toEqual([`${task.epoch}/3`]);
    await expect(replayDeadLetter(control.pool, letter, publish)).rejects.toMatchObject({
      code: 'DEAD_LETTER_CLOSED',
    });
  });

  it('sends nothing if it is loaded, also when its attempt is over', async () => {
    const task = await liveClaim();
    await load(task, { seq: 0, manifest: manifestOf(task, 0) });
    await finalise(control.pool, task.epoch, noDeletes);
    expect(await replayDeadLetter(control.pool, await archive(task, { seq: 0 }), publish)).toBe('already-loaded');
    expect(sent).toEqual([]);
  });

  it('is refused when its attempt was superseded, and when another content has its id', async () => {
    const task = await liveClaim();
    await load(task, { seq: 0 });
    const changed = await archive(task, { seq: 0, sha256: 'f'.repeat(64) });
    await expect(replayDeadLetter(control.pool, changed, publish)).rejects.toMatchObject({
      code: 'BATCH_CONTENT_CHANGED',
    });
    const late = await archive(task, { seq: 1 });
    await setState(control.pool, deals, bookmarked('moved'));
    await expect(replayDeadLetter(control.pool, late, publish)).rejects.toMatchObject({ code: 'ATTEMPT_OVER' });
    await expect(skipDeadLetter(control.pool, late)).rejects.toMatchObject({ code: 'ATTEMPT_OVER' });
    await discardDeadLetter(control.pool, late);
    expect(sent).toEqual([]);
  });

  it('skips it: the attempt ends without its rows, and deletes nothing', async () => {
    const task = await liveClaim();
    await load(task, { seq: 0 });
    const manifest = manifestOf(task, 1, 8);
    const letter = await archive(task, { seq: 1, rows: 7, manifest });
    expect(await skipDeadLetter(control.pool, letter)).toEqual({ rows: 7 });
    const deletes: number[] = [];
    await finalise(control.pool, task.epoch, async () => ({ deleted: deletes.push(1) }));
    expect(deletes).toEqual([]);
    expect(await query('select status from pipeline.tasks where id = $1', [task.taskId])).toEqual([
      { status: 'incomplete' },
    ]);
    expect(
      await query('select rows_loaded::int, rows_rejected::int from pipeline.stream_runs where run_id = $1', [
        task.runId,
      ]),
    ).toEqual([{ rows_loaded: 1, rows_rejected: 7 }]);
  });
});
