import { PipelineError } from '@pipeline/protocol';
import type { JsonObject } from '@pipeline/singer';
import { clientOf, type ReadOptions, readStream, uncached } from '@pipeline/tap-kit/testing';
import { Settings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';
import { streamOf } from './reader.ts';
import { openWorld } from './sandbox.ts';

const STARTED_AT = '2026-11-01T00:00:00Z';
/** Reads a stream from an API whose every response is what the function returns. */
async function readFrom(
  name: string,
  respond: (path: string, query: JsonObject) => JsonObject,
  options: Partial<ReadOptions> = {},
) {
  const http = clientOf(async ({ path, query }) => respond(path, JSON.parse(JSON.stringify(query ?? {}))));
  const session = { settings: Settings.parse({ token: 't' }), http, cached: uncached, account: undefined };
  return readStream(session, streamOf(name), { startedAt: STARTED_AT, ...options });
}

const timelog = (id: number, createdDate: string): JsonObject => ({ id: `T${id}`, createdDate, hours: 1 });

describe('folders', () => {
  it('that come as a tree are never taken for rows', async () => {
    const tree = { kind: 'folderTree', data: [{ id: 'R', title: 'Root', scope: 'WsRoot' }] };
    await expect(readFrom('folders', () => tree)).rejects.toMatchObject({ code: 'SOURCE_MALFORMED_RESPONSE' });
  });

  it('would be rows without a date if the kind were not looked at (mutation)', async () => {
    const entry = { id: 'F', title: 'Folder', scope: 'WsFolder' };
    const { steps } = await readFrom(
      'folders',
      (_, { project }) => {
        return { kind: project === undefined ? 'folderTree' : 'folders', data: [entry] };
      },
      { select: [{ stream: 'folders' }] },
    );
    const records = steps.flatMap((step) => ('records' in step && step.stream === 'folders' ? step.records : []));
    expect(records).toEqual([entry]);
  });

  it('leave out root and recycle bin', async () => {
    const folder = (id: string, scope: string): JsonObject => ({ id, scope, title: id });
    const { steps } = await readFrom(
      'folders',
      (_, { project }) =>
        project === undefined
          ? { kind: 'folderTree', data: [] }
          : { kind: 'folders', data: [folder('root', 'WsRoot'), folder('bin', 'RbRoot'), folder('one', 'WsFolder')] },
      { select: [{ stream: 'folders' }] },
    );
    const ids = steps
      .flatMap((step) => ('records' in step && step.stream === 'folders' ? step.records : []))
      .map(({ id }) => id);
    expect(ids).toEqual(['one']);
  });
});

describe('time logs', () => {
  const rows = Array.from({ length: 1_500 }, (_, number) =>
    timelog(number, new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString().replace('.000', '')),
  );
  /** An endpoint that cuts at 1,000 rows and says nothing of it. */
  const cutting = (refusesPageSize: boolean) => (_: string, query: JsonObject) => {
    if (refusesPageSize && query['pageSize'] !== undefined) throw refusal("Parameter 'pageSize' is not allowed");
    const { start = '', end = '9' } = JSON.parse(String(query['createdDate'] ?? '{}'));
    const found = rows.filter(({ createdDate }) => String(createdDate) >= start && String(createdDate) < end);
    return { kind: 'timelogs', data: found.slice(0, 1_000) };
  };
  const refusal = (message: string) =>
    new PipelineError({ code: 'WRIKE_INVALID_PARAMETER', recovery: 'fail', message });

  it.each([false, true])(
    'that are cut at 1,000 without a token are all read (pageSize refused: %p)',
    async (refuses) => {
      const { steps, bookmark } = await readFrom('timelogs', cutting(refuses));
      const ids = steps.flatMap((step) => ('records' in step ? step.records.map(({ id }) => id) : []));
      expect([ids.length, new Set(ids).size]).toEqual([1_500, 1_500]);
      expect(bookmark).toMatchObject({ rows: null });
    },
  );
});

describe('tasks', () => {
  it('that come only after an empty page with a token are read', async () => {
    const task = (id: string): JsonObject => ({
      id,
      createdDate: '2026-01-01T00:00:00Z',
      updatedDate: '2026-01-01T00:00:00Z',
    });
    const { steps } = await readFrom(
      'tasks',
      (path, { nextPageToken }) => {
        if (path === '/account') return { kind: 'accounts', data: [{ id: 'A', recycleBinId: 'BIN' }] };
        if (path !== '/tasks') return { kind: 'tasks', responseSize: 0, data: [] };
        const empty = { kind: 'tasks', responseSize: 2, nextPageToken: 'more', data: [] };
        return nextPageToken === undefined ? empty : { kind: 'tasks', responseSize: 2, data: [task('1'), task('2')] };
      },
      { select: [{ stream: 'tasks' }] },
    );
    expect(steps.flatMap((step) => ('records' in step ? step.records.map(({ id }) => id) : []))).toEqual(['1', '2']);
  });
});

describe('a notice', () => {
  const refused = (message: string) =>
    new PipelineError({ code: 'WRIKE_INVALID_PARAMETER', recovery: 'fail', message });

  it('names a field that the account refuses', async () => {
    const { notices, isComplete } = await readFrom('timelogs', (_, { fields }) => {
      if (String(fields).includes('finance')) throw refused("Parameter 'fields' has an unknown value finance");
      return { kind: 'timelogs', responseSize: 1, data: [timelog(1, '2026-01-01T00:00:00Z')] };
    });
    const message = expect.stringContaining('finance');
    expect(notices).toEqual([expect.objectContaining({ code: 'WRIKE_REFUSED_PARAMETER', message })]);
    expect(isComplete).toBe(true);
  });

  it('says that the API counts rows which it does not show', async () => {
    const { notices } = await readFrom('timelogs', () => {
      return { kind: 'timelogs', responseSize: 2, data: [timelog(1, '2026-01-01T00:00:00Z')] };
    });
    expect(notices).toEqual([expect.objectContaining({ code: 'WRIKE_HIDDEN_ROWS' })]);
  });
});

describe('a response without rows', () => {
  it.each([{}, { kind: 'timelogs', data: {} }, { kind: 'timelogs', data: ['x'] }])(
    '%j is told as such',
    async (body) => {
      await expect(readFrom('timelogs', () => body)).rejects.toMatchObject({
        ...{ code: 'SOURCE_MALFORMED_RESPONSE', recovery: 'fail', message: expect.stringContaining('/timelogs') },
      });
    },
  );
});

describe('a stream that is forbidden', () => {
  it('fails alone: the others are read', async () => {
    const world = await openWorld({ deals: 100, seed: 1 });
    world.sandbox.faults.arm({ kind: 'status', status: 403, path: '/spaces$', count: 1_000 });
    await expect(world.read('spaces')).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN', recovery: 'fix-config' });
    await world.read('tasks');
    expect(world.differences('tasks')).toEqual([]);
    await world.close();
  });

  it('is named by the check, with the remedy', async () => {
    const world = await openWorld({ deals: 100, seed: 1 });
    world.sandbox.faults.arm({ kind: 'status', status: 403, path: '/bookings$', count: 1_000 });
    const access = await tap.check?.(world.connected);
    expect(access?.filter(({ isReadable }) => !isReadable)).toEqual([
      { stream: 'bookings', isReadable: false, reason: expect.stringContaining('plan or an add-on') },
    ]);
    await world.close();
  });
});

describe('ids', () => {
  it('that refuse the whole request are asked for in halves, and only the bad one is missing', async () => {
    const tasks = Array.from({ length: 9 }, (_, number) => ({
      ...{ id: `t${number}`, createdDate: '2026-01-01T00:00:00Z', updatedDate: '2026-01-01T00:00:00Z' },
      dependencyIds: [`d${number}:=.`],
    }));
    const { steps, notices } = await readFrom(
      'tasks',
      (path) => {
        if (path === '/account') return { kind: 'accounts', data: [{ id: 'A', recycleBinId: 'BIN' }] };
        if (path === '/tasks') return { kind: 'tasks', responseSize: 9, data: tasks };
        if (path.startsWith('/folders')) return { kind: 'tasks', responseSize: 0, data: [] };
        const ids = path.replace('/dependencies/', '').split(',').map(decodeURIComponent);
        if (ids.includes('d4:=.'))
          throw new PipelineError({ code: 'SOURCE_FORBIDDEN', recovery: 'fix-config', message: '403' });
        return { kind: 'dependencies', data: ids.map((id) => ({ id })) };
      },
      { select: [{ stream: 'tasks' }, { stream: 'dependencies' }] },
    );
    const ids = steps.flatMap((step) => ('records' in step && step.stream === 'dependencies' ? step.records : []));
    expect(ids).toHaveLength(8);
    expect(notices).toContainEqual(expect.objectContaining({ code: 'WRIKE_MISSING_IDS' }));
  });
});
