import { tap } from '../src/tap.ts';
import { streamOf } from './reader.ts';
import { openWorld, type World } from './sandbox.ts';

/** More than one page of the streams that page. */
const DEALS = 1_100;
const CYCLES = 3;

let world: World;
afterEach(() => world.close());

describe.each(tap.streams.map(({ name }) => name))('stream %s', (name) => {
  it.each([1, 2])('equals the source after %d. of two histories of reads while it changed', async (seed) => {
    world = await openWorld({ deals: DEALS, seed });
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      world.pace.changesPerRequest = 25;
      await world.read(name);
      world.pace.changesPerRequest = 0;
      world.change(60);
    }
    await world.read(name);
    // What vanishes without a trace from a stream that does not count is found by the daily full read.
    if (streamOf(name).replication.method === 'INCREMENTAL') await world.read(name, { fullRead: true });
    expect(world.differences(name)).toEqual([]);
    expect(world.sandbox.notImitated()).toEqual([]);
  });

  it('equals the source although responses are lost on the way', async () => {
    world = await openWorld({ deals: 200, seed: 4 });
    world.sandbox.faults.arm({ kind: 'cut-body', every: 5, count: 100 });
    world.sandbox.faults.arm({ kind: 'status', status: 503, every: 7, count: 100 });
    await world.read(name);
    await world.read(name);
    expect(world.differences(name)).toEqual([]);
  });
});

describe('an incremental read', () => {
  it.each(['tasks', 'timelogs', 'comments', 'approvals', 'attachments', 'audit_log'])(
    'of %s brings only what came since the last one',
    async (name) => {
      world = await openWorld({ deals: 200, seed: 6 });
      await world.read(name);
      world.clock.ms += 600_000;
      const again = await world.read(name);
      expect(again.steps.flatMap((step) => ('records' in step ? step.records : []))).toEqual([]);
      expect(again.deletes.get(name)).toBeUndefined();
    },
  );

  it.each(['tasks', 'timelogs'])('of %s becomes a full one when a row has been erased', async (name) => {
    world = await openWorld({ deals: 200, seed: 7 });
    await world.read(name);
    untilErased(name);
    const { deletes } = await world.read(name);
    expect(deletes.get(name)).toEqual({ kind: 'absent' });
    expect(world.differences(name)).toEqual([]);
  });

  it('of tasks becomes a full one when a custom field comes or changes its type', async () => {
    world = await openWorld({ deals: 200, seed: 8 });
    const first = await world.read('tasks');
    const bookmark = { ...first.bookmark, fingerprint: 'another' };
    const { deletes } = await world.read('tasks', { state: { ...first.state, bookmarks: { tasks: bookmark } } });
    expect(deletes.get('tasks')).toEqual({ kind: 'absent' });
  });
});

describe('a bookmark of a version that knew fewer fields of time logs', () => {
  it('leads to one full read, and to incremental ones after it', async () => {
    world = await openWorld({ deals: 200, seed: 9 });
    const first = await world.read('timelogs');
    const { fingerprint: _, ...bookmark } = first.bookmark ?? {};
    const old = { ...first.state, bookmarks: { timelogs: bookmark } };
    const again = await world.read('timelogs', { state: old });
    expect(again.deletes.get('timelogs')).toEqual({ kind: 'absent' });
    world.clock.ms += 600_000;
    const third = await world.read('timelogs');
    expect(third.deletes.get('timelogs')).toBeUndefined();
  });
});

describe('rows that were imported in one second, more than a page holds', () => {
  // A quarter of the rows is imported.
  it.each([
    ['tasks', 2_200],
    ['timelogs', 4_400],
  ])('%s are all read, though rows vanish between the pages', async (name, deals) => {
    world = await openWorld({ deals, seed: 5 });
    world.pace.changesPerRequest = 60;
    await world.read(name);
    world.pace.changesPerRequest = 0;
    await world.read(name);
    expect(world.differences(name)).toEqual([]);
  });
});

/** Makes changes until a row is gone for good: not only moved to the recycle bin, and not replaced by another. */
function untilErased(name: string): void {
  const erased = () => [...world.sandbox.truth('wrike', 'audit_log').rows].filter(isErasure).length;
  const count = () => world.sandbox.truth('wrike', name).count ?? 0;
  const [erasedBefore, countBefore] = [erased(), count()];
  const isOver = () => (name === 'tasks' ? erased() > erasedBefore : count() < countBefore);
  for (let tries = 0; !isOver() && tries < 500; tries += 1) world.change(1);
}

function isErasure({ operation }: Record<string, unknown>): boolean {
  return operation === 'TaskErased';
}
