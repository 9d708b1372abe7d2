import { z } from 'zod';
import { Random } from '../../src/random.ts';
import { createWrikeApi } from '../../src/wrike/api/api.ts';
import { classicId } from '../../src/wrike/company/ids.ts';
import { useWrike } from './wrike-server.ts';

type Task = Record<string, unknown>;

const CATEGORY = classicId('MY', 1);
const FIELDS = [classicId('JU', 0), classicId('JU', 1)];

const wrike = useWrike(600);
const { ask, page } = wrike;
const refusal = async (path: string) => {
  const response = await ask(path);
  return { status: response.status, ...z.object({ error: z.string() }).parse(await response.json()) };
};

describe('tasks', () => {
  it('come in pages that end without a token', async () => {
    const first = await page('/tasks?subTasks=true&pageSize=1000&sortField=CreatedDate&sortOrder=Asc');
    const rest = await page(
      `/tasks?subTasks=true&pageSize=1000&sortField=CreatedDate&sortOrder=Asc&nextPageToken=${first.nextPageToken}`,
    );
    expect([first.data.length, rest.nextPageToken]).toEqual([1_000, undefined]);
    const ids = [...first.data, ...rest.data].map(({ id }) => id);
    expect(new Set(ids).size).toBe(first.responseSize);
    expect(ids.length).toBe(wrike.sandbox.truth('wrike', 'tasks').count);
  });

  it('leave out subtasks and optional fields unless asked for', async () => {
    const thin = await page('/tasks?pageSize=1');
    expect(thin.data[0]).not.toHaveProperty('parentIds');
    const { data } = await page('/tasks?pageSize=1000&fields=["superTaskIds"]');
    expect(data.every(({ superTaskIds }) => Array.isArray(superTaskIds) && superTaskIds.length === 0)).toBe(true);
  });

  it('are cut at 1,000 without a page size, and do not say so', async () => {
    const { data, nextPageToken } = await page('/tasks?subTasks=true');
    expect([data.length, nextPageToken]).toEqual([1_000, undefined]);
  });

  it.each([
    ['/tasks?fields=["nothing"]', 400, 'invalid_parameter'],
    ['/tasks?fields=[title]', 400, 'invalid_parameter'],
    ['/tasks?pageSize=1001', 400, 'invalid_parameter'],
    ['/tasks?updatedDate={"start":"2026-01-01T00:00:00.000Z"}', 400, 'invalid_parameter'],
    ['/tasks?updated=1', 400, 'invalid_request'],
    ['/tasks/MAAAAAEFZZDF', 404, 'resource_not_found'],
    ['/nothing', 404, 'method_not_found'],
  ])('%s is refused with %i %s', async (path, status, error) => {
    expect(await refusal(path)).toMatchObject({ status, error });
  });

  it('filters by a range that ends before its end', async () => {
    const { data } = await page('/tasks?subTasks=true&pageSize=10&sortField=CreatedDate');
    const created = String(data[0]?.['createdDate']);
    const before = await page(`/tasks?subTasks=true&pageSize=1&createdDate={"end":"${created}"}`);
    const after = await page(`/tasks?subTasks=true&pageSize=1&createdDate={"start":"${created}"}`);
    expect((before.responseSize ?? 0) + (after.responseSize ?? 0)).toBe(wrike.sandbox.truth('wrike', 'tasks').count);
  });
});

describe('tasks, filtered and sorted', () => {
  const all = '/tasks?subTasks=true&pageSize=1000';
  const rows = async (query: string) => (await page(`${all}&${query}`)).data;

  it.each([
    ['status=["Completed"]', (task: Task) => task['status'] === 'Completed'],
    ['importance=High', (task: Task) => task['importance'] === 'High'],
    ['type=Milestone', (task: Task) => JSON.stringify(task['dates']).includes('Milestone')],
    ['completedDate={"start":"2024-01-01T00:00:00Z"}', (task: Task) => String(task['completedDate']) >= '2024'],
    [
      'dueDate={"start":"2024-03-01","end":"2024-06-30"}',
      (task: Task) => /due":"2024-0[3-6]/.test(JSON.stringify(task)),
    ],
    [
      `customFields=[{"id":"${FIELDS[0]}","comparator":"EqualTo","value":"High"}]&fields=["customFields"]`,
      (task: Task) => JSON.stringify(task['customFields']).includes('"High"'),
    ],
  ])('by %s', async (query, fits) => {
    const found = await rows(query);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every(fits)).toBe(true);
  });

  it('by permalink, title, responsible, status of a workflow and metadata', async () => {
    const [one] = await rows('fields=["responsibleIds"]&status=["Active"]');
    const { permalink, title, customStatusId, id } = one ?? { id: '' };
    const found = await rows(`permalink=${encodeURIComponent(String(permalink))}`);
    expect(found.map((task) => task.id)).toEqual([id]);
    expect((await rows(`title=${title}`)).every((task) => task['title'] === title)).toBe(true);
    expect(
      (await rows(`customStatuses=["${customStatusId}"]`)).every((task) => task['customStatusId'] === customStatusId),
    ).toBe(true);
    expect(await rows('metadata={"key":"any"}')).toEqual([]);
    const [person] = (await page('/contacts?me')).data;
    const own = await rows(`responsibles=["${person?.id}"]&fields=["responsibleIds"]`);
    expect(own.every((task) => JSON.stringify(task['responsibleIds']).includes(String(person?.id)))).toBe(true);
  });

  it.each([
    'CreatedDate',
    'UpdatedDate',
    'CompletedDate',
    'DueDate',
    'Status',
    'Importance',
    'Title',
    'LastAccessDate',
  ])('by %s, ascending unless told otherwise', async (field) => {
    const ascending = await rows(`sortField=${field}`);
    const descending = await rows(`sortField=${field}&sortOrder=Desc`);
    expect(ascending.length).toBe(descending.length);
    expect(ascending[0]?.id).not.toBe(descending[0]?.id);
    const created = ascending.map((task) => String(task['createdDate']));
    if (field === 'CreatedDate') expect(created).toEqual([...created].sort());
  });

  it('are refused with parameters that exclude each other', async () => {
    expect(await refusal('/tasks?pageSize=10&limit=10')).toMatchObject({ status: 400, error: 'invalid_request' });
  });
});

describe('what belongs to something', () => {
  it.each([
    ['/spaces/{space}/tasks?descendants=true&subTasks=true', 'tasks'],
    ['/spaces/{space}/folders?descendants=false', 'folders'],
    ['/folders/{space}/timelogs?descendants=true', 'timelogs'],
    ['/contacts/{person}/timelogs', 'timelogs'],
    [`/timelog_categories/${CATEGORY}/timelogs`, 'timelogs'],
    ['/contacts/{person}', 'contacts'],
    ['/spaces/{space}', 'spaces'],
    [`/customfields/${FIELDS[0]},${FIELDS[1]}`, 'customfields'],
  ])('is found at %s', async (path, kind) => {
    const [space] = (await page('/spaces')).data;
    const person = (await page('/contacts')).data.find((contact) => contact['type'] === 'Person');
    const found = await page(path.replace('{space}', String(space?.id)).replace('{person}', String(person?.id)));
    expect(found.kind).toBe(kind);
    expect(found.data.length).toBeGreaterThan(0);
  });

  it('a task leads to its dependencies, and they to both tasks', async () => {
    const { data } = await page('/tasks?subTasks=true&pageSize=1000&fields=["dependencyIds"]');
    const task = data.find(({ dependencyIds }) => Array.isArray(dependencyIds) && dependencyIds.length > 0);
    const own = await page(`/tasks/${task?.id}/dependencies`);
    const ids = own.data.map(({ id }) => id);
    expect(ids).toEqual(task?.['dependencyIds']);
    expect((await page(`/dependencies/${ids.join(',')}`)).data).toEqual(own.data);
  });
});

describe('time logs', () => {
  it.each([
    [
      'trackedDate={"start":"2025-01-01","end":"2025-12-31"}',
      (log: Task) => String(log['trackedDate']).startsWith('2025'),
    ],
    [`timelogCategories=["${CATEGORY}"]`, (log: Task) => log['categoryId'] === CATEGORY],
    ['billingTypes=["Billable"]&fields=["billingType"]', (log: Task) => log['billingType'] === 'Billable'],
    ['me=true', () => true],
  ])('are filtered by %s', async (query, fits) => {
    const { data } = await page(`/timelogs?pageSize=1000&${query}`);
    expect(data.length).toBeGreaterThan(0);
    expect(data.length).toBeLessThan(wrike.sandbox.truth('wrike', 'timelogs').count ?? 0);
    expect(data.every(fits)).toBe(true);
  });
});

describe('ranges that must be short', () => {
  it.each([
    ['/comments?updatedDate={"start":"2026-01-01T00:00:00Z","end":"2026-01-08T00:00:00Z"}', 400],
    ['/comments?updatedDate={"start":"2026-01-01T00:00:00Z","end":"2026-01-07T23:59:59Z"}', 200],
    ['/comments', 200],
    ['/attachments', 400],
    ['/attachments?createdDate={"start":"2026-01-01T00:00:00Z","end":"2026-02-01T00:00:00Z"}', 400],
    ['/attachments?createdDate={"start":"2026-01-01T00:00:00Z","end":"2026-01-31T00:00:00Z"}', 200],
  ])('%s returns %i', async (path, status) => {
    expect((await ask(path)).status).toBe(status);
  });
});

describe('spaces', () => {
  it('are only those of the user when asked so', async () => {
    const [all, own] = [
      await page('/spaces?withArchived=true'),
      await page('/spaces?withArchived=true&userIsMember=true'),
    ];
    expect(own.data.length).toBeLessThan(all.data.length);
  });
});

describe('what is not imitated', () => {
  it('is reported', async () => {
    await ask('/tasks?customItemTypes=["x"]');
    await ask('/data_export');
    expect(wrike.sandbox.notImitated().map(({ what }) => what)).toEqual(
      expect.arrayContaining(['GET /tasks: parameter customItemTypes', 'GET /data_export']),
    );
  });
});

describe('folders', () => {
  it.each([
    ['/folders?project=true&descendants=true', 'folderTree'],
    ['/folders?descendants=false', 'folders'],
    ['/folders?deleted=true', 'folders'],
  ])('%s is a %s', async (path, kind) => {
    expect((await page(path)).kind).toBe(kind);
  });

  it('are found by their permalink', async () => {
    const [folder] = (await page('/folders?project=true')).data;
    const found = await page(`/folders?permalink=${encodeURIComponent(String(folder?.['permalink']))}`);
    expect(found.data.map(({ id }) => id)).toEqual([folder?.id]);
  });

  it.each(['/folders?pageSize=10', '/folders?fields=["space"]'])('%s is refused: a tree has neither', async (path) => {
    expect(await refusal(path)).toMatchObject({ status: 400 });
  });

  it('are a tree without a filter and whole with one', async () => {
    expect((await page('/folders')).kind).toBe('folderTree');
    const { kind, data } = await page('/folders?project=true&fields=["description"]');
    expect([kind, data.every((folder) => 'project' in folder && 'permalink' in folder)]).toEqual(['folders', true]);
  });

  it('are found by up to 100 ids; unknown ones are dropped in silence', async () => {
    const { data } = await page('/folders');
    const id = data.at(-1)?.id;
    expect((await page(`/folders/${id},MQAAAAAAAAAA`)).data).toHaveLength(1);
    expect(await refusal(`/folders/${Array(101).fill(id).join(',')}`)).toMatchObject({ status: 400 });
  });
});

describe('the company', () => {
  it('is the same for the same seed, also after the same changes', () => {
    const now = (): number => Date.UTC(2026, 10, 1);
    const rows = (seed: number) => {
      const api = createWrikeApi({ deals: 100, random: new Random(seed), now, rateLimitFactor: 1 });
      const random = new Random(7);
      for (let count = 0; count < 200; count += 1) api.mutate(random);
      return JSON.stringify(api.truth().map(({ stream, rows }) => [stream, [...rows]]));
    };
    expect(rows(1)).toBe(rows(1));
    expect(rows(1)).not.toBe(rows(2));
  });
});
