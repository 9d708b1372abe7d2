import { z } from 'zod';
import { type Row, useWrike } from './wrike-server.ts';

/** What the reference of the API documents of filters and orders (developers.wrike.com/reference: tasks, folders,
 *  time logs, spaces), asked of the imitation. */
const { page } = useWrike(400);

async function rows(path: string, query: Record<string, string> = {}): Promise<Row[]> {
  return (await page(`${path}?${new URLSearchParams(query)}`)).data;
}

const ids = (list: readonly Row[]): string[] => list.map(({ id }) => id).sort();
const FIELDS = JSON.stringify(['responsibleIds', 'customFields', 'dependencyIds', 'parentIds', 'superTaskIds']);
const tasks = (query: Record<string, string> = {}) =>
  rows('/tasks', { subTasks: 'true', pageSize: '1000', fields: FIELDS, ...query });
const timelogs = (query: Record<string, string> = {}) => rows('/timelogs', { pageSize: '1000', ...query });
const datesOf = (task: Row) =>
  z.object({ type: z.string(), start: z.string().optional(), due: z.string().optional() }).parse(task['dates']);
const texts = (value: unknown): string[] => z.array(z.string()).parse(value ?? []);

/** Everything that the filter keeps, and nothing that it does not. */
async function expectExactly(
  list: (query?: Record<string, string>) => Promise<Row[]>,
  query: Record<string, string>,
  fits: (row: Row) => boolean,
): Promise<void> {
  const all = await list();
  const wanted = all.filter(fits);
  expect(wanted.length).toBeGreaterThan(0);
  expect(wanted.length).toBeLessThan(all.length);
  expect(ids(await list(query))).toEqual(ids(wanted));
}

describe('GET /tasks keeps exactly', () => {
  it.each(['permalink', 'title'])('the tasks of a %s', async (name) => {
    const [first] = await tasks();
    await expectExactly(tasks, { [name]: String(first?.[name]) }, (task) => task[name] === first?.[name]);
  });

  it.each([
    ['status', '["Active","Deferred"]', (task: Row) => /Active|Deferred/.test(String(task['status']))],
    ['importance', 'Low', (task: Row) => task['importance'] === 'Low'],
    ['type', 'Planned', (task: Row) => datesOf(task).type === 'Planned'],
  ])('those of the %s %s', async (name, value, fits) => {
    await expectExactly(tasks, { [name]: value }, fits);
  });

  const day = (text: string | undefined): string => text?.slice(0, 10) ?? '';
  it.each([
    ['startDate', (task: Row) => day(datesOf(task).start)],
    ['dueDate', (task: Row) => day(datesOf(task).due)],
  ])('those whose %s lies between two days, both included, or is one day', async (name, dayOf) => {
    const days = (await tasks()).map(dayOf).filter(Boolean).sort();
    const [start = '', end = ''] = [days[Math.floor(days.length / 3)], days[Math.floor(days.length / 2)]];
    await expectExactly(tasks, { [name]: JSON.stringify({ start, end }) }, (task) => {
      return dayOf(task) !== '' && dayOf(task) >= start && dayOf(task) <= end;
    });
    await expectExactly(tasks, { [name]: JSON.stringify({ equal: start }) }, (task) => dayOf(task) === start);
  });

  it('those that are scheduled in a range: they begin before its end and are due after its start', async () => {
    const [start, end] = ['2024-05-01', '2024-05-31'];
    await expectExactly(tasks, { scheduledDate: JSON.stringify({ start, end }) }, (task) => {
      const dates = datesOf(task);
      return dates.due !== undefined && day(dates.start ?? dates.due) <= end && day(dates.due) >= start;
    });
  });

  it.each(['createdDate', 'updatedDate', 'completedDate'])('those whose %s lies in a semi-open range', async (name) => {
    const instants = (await tasks())
      .map((task) => String(task[name] ?? ''))
      .filter(Boolean)
      .sort();
    const [start = '', end = ''] = [
      instants[Math.floor(instants.length / 3)],
      instants[Math.floor(instants.length / 2)],
    ];
    await expectExactly(tasks, { [name]: JSON.stringify({ start, end }) }, (task) => {
      const instant = String(task[name] ?? '');
      return instant >= start && instant < end;
    });
  });

  it('those of people who work on them, and of statuses of a workflow', async () => {
    const all = await tasks();
    const person = all.flatMap((task) => texts(task['responsibleIds']))[0] ?? '';
    await expectExactly(tasks, { responsibles: JSON.stringify([person]) }, (task) =>
      texts(task['responsibleIds']).includes(person),
    );
    const status = String(all[0]?.['customStatusId']);
    await expectExactly(
      tasks,
      { customStatuses: JSON.stringify([status]) },
      (task) => task['customStatusId'] === status,
    );
  });

  it('those of a value of a custom field, in the new and in the old form, and of no metadata', async () => {
    const Values = z.array(z.object({ id: z.string(), value: z.string() }));
    const valuesOf = (task: Row) => Values.parse(task['customFields'] ?? []);
    const [{ id, value } = { id: '', value: '' }] = (await tasks()).flatMap(valuesOf);
    const fits = (task: Row) => valuesOf(task).some((one) => one.id === id && one.value === value);
    await expectExactly(tasks, { customFields: JSON.stringify([{ id, comparator: 'EqualTo', value }]) }, fits);
    await expectExactly(tasks, { customField: JSON.stringify({ id, value }) }, fits);
    expect(await tasks({ metadata: JSON.stringify({ key: 'mine' }) })).toEqual([]);
  });
});

describe('GET /tasks sorts', () => {
  const IMPORTANCE = ['High', 'Normal', 'Low'];
  const keys: Record<string, (task: Row) => string | number> = {
    CreatedDate: (task) => String(task['createdDate']),
    UpdatedDate: (task) => String(task['updatedDate']),
    LastAccessDate: (task) => String(task['updatedDate']),
    CompletedDate: (task) => String(task['completedDate'] ?? ''),
    DueDate: (task) => datesOf(task).due ?? '',
    Status: (task) => String(task['status']),
    Importance: (task) => IMPORTANCE.indexOf(String(task['importance'])),
    Title: (task) => String(task['title']),
  };

  it.each(Object.keys(keys))('by %s, ascending unless told otherwise', async (sortField) => {
    const keyOf = keys[sortField] ?? (() => '');
    const isInOrder = (list: readonly Row[]): boolean =>
      list.every((row, place) => place === 0 || keyOf(list[place - 1] ?? row) <= keyOf(row));
    const [unsaid, descending] = [await tasks({ sortField }), await tasks({ sortField, sortOrder: 'Desc' })];
    expect([isInOrder(unsaid), isInOrder(descending.toReversed())]).toEqual([true, true]);
    expect(ids(await tasks({ sortField, sortOrder: 'Asc' }))).toEqual(ids(unsaid));
  });

  it('by the last update, newest first, when no field is named', async () => {
    const updated = (await tasks()).map((task) => String(task['updatedDate']));
    expect(updated).toEqual([...updated].sort().reverse());
  });
});

describe('GET /folders', () => {
  it('finds the folder of a permalink', async () => {
    const folders = (query: Record<string, string> = {}) => rows('/folders', { descendants: 'false', ...query });
    const [first] = await folders();
    await expectExactly(folders, { permalink: String(first?.['permalink']) }, ({ id }) => id === first?.id);
  });

  it('returns only the top with descendants=false, and whole rows', async () => {
    const all = [...(await rows('/folders', { project: 'true' })), ...(await rows('/folders', { project: 'false' }))];
    const top = await rows('/folders', { descendants: 'false' });
    const known = new Set(all.map(({ id }) => id));
    const isTop = (folder: Row) => !texts(folder['parentIds']).some((id) => known.has(id));
    expect(ids(top)).toEqual(ids(all.filter(isTop)));
    expect(top.length).toBeLessThan(all.length);
    expect(top[0]).toHaveProperty('createdDate');
  });

  it.each(['folders', 'spaces'])('of one below /%s/{id}/folders reach as deep as descendants says', async (path) => {
    const [space] = await rows('/spaces');
    const deep = await rows(`/${path}/${space?.id}/folders`, { project: 'true' });
    const near = await rows(`/${path}/${space?.id}/folders`, { project: 'true', descendants: 'false' });
    expect(near.every((folder) => texts(folder['parentIds']).includes(String(space?.id)))).toBe(true);
    expect(ids(deep)).toEqual(expect.arrayContaining(ids(near)));
  });
});

describe('GET /spaces', () => {
  it('keeps those of which the user is a member, when asked so', async () => {
    const [me] = await rows('/contacts', { me: 'true' });
    const spaces = (query: Record<string, string> = {}) =>
      rows('/spaces', { withArchived: 'true', fields: '["members"]', ...query });
    const Members = z.array(z.object({ id: z.string() }));
    await expectExactly(spaces, { userIsMember: 'true' }, ({ members }) =>
      Members.parse(members).some(({ id }) => id === me?.id),
    );
  });

  it('leaves out archived ones unless asked for', async () => {
    const spaces = (query: Record<string, string> = { withArchived: 'true' }) => rows('/spaces', query);
    await expectExactly(spaces, {}, ({ archived }) => archived === false);
  });
});

describe('GET /timelogs keeps exactly', () => {
  it('those of a day, of the user, of categories and of billing types', async () => {
    const all = await timelogs({ fields: '["billingType"]' });
    const [first] = all;
    const list = (query: Record<string, string> = {}) => timelogs({ fields: '["billingType"]', ...query });
    const { trackedDate, categoryId } = first ?? { trackedDate: undefined, categoryId: undefined };
    await expectExactly(list, { trackedDate: JSON.stringify({ equal: trackedDate }) }, (log) => {
      return log['trackedDate'] === trackedDate;
    });
    await expectExactly(list, { timelogCategories: JSON.stringify([categoryId]) }, (log) => {
      return log['categoryId'] === categoryId;
    });
    await expectExactly(list, { billingTypes: '["NonBillable"]' }, (log) => log['billingType'] === 'NonBillable');
    const [me] = await rows('/contacts', { me: 'true' });
    await expectExactly(list, { me: 'true' }, (log) => log['userId'] === me?.id);
  });

  it('those of a task, and with subTasks those of the tasks below it', async () => {
    const all = await timelogs();
    const every = await tasks();
    const taskIds = new Set(all.map((log) => String(log['taskId'])));
    const parent = every.find((task) => taskIds.has(task.id));
    const below = every.filter((task) => texts(task['superTaskIds']).includes(String(parent?.id))).map(({ id }) => id);
    const of = (...wanted: unknown[]) => ids(all.filter((log) => wanted.includes(log['taskId'])));
    expect(ids(await rows(`/tasks/${parent?.id}/timelogs`))).toEqual(of(parent?.id));
    expect(ids(await rows(`/tasks/${parent?.id}/timelogs`, { subTasks: 'true' }))).toEqual(of(parent?.id, ...below));
  });

  it('those of a folder itself, and with descendants those of all below it', async () => {
    const [space] = await rows('/spaces');
    const path = `/folders/${space?.id}/timelogs`;
    const [own, below] = [await rows(path), await rows(path, { descendants: 'true' })];
    expect(below.length).toBeGreaterThan(own.length);
    expect(ids(below)).toEqual(expect.arrayContaining(ids(own)));
  });

  it('those of ids in the path', async () => {
    const some = (await timelogs()).slice(0, 3).map(({ id }) => id);
    expect(ids(await rows(`/timelogs/${some.join(',')}`))).toEqual([...some].sort());
  });
});

describe('what tasks refer to', () => {
  it('is served: custom fields, dependencies, statuses, people, folders, item types', async () => {
    const all = await tasks({ fields: JSON.stringify([...JSON.parse(FIELDS), 'customItemTypeId']) });
    const Fields = z.array(z.object({ id: z.string() }));
    const referred = (idsOf: (task: Row) => string[]) => [...new Set(all.flatMap(idsOf))].slice(0, 90);
    const fields = referred((task) => Fields.parse(task['customFields'] ?? []).map(({ id }) => id));
    const dependencies = referred((task) => texts(task['dependencyIds']));
    const people = referred((task) => texts(task['responsibleIds']));
    const folders = referred((task) => texts(task['parentIds']));
    const statuses = referred((task) => [String(task['customStatusId'])]);
    const expectServed = async (path: string, wanted: string[]) => {
      expect(wanted.length).toBeGreaterThan(0);
      expect(ids(await rows(`${path}/${wanted.map(encodeURIComponent).join(',')}`))).toEqual([...wanted].sort());
    };
    await expectServed('/customfields', fields);
    await expectServed('/dependencies', dependencies);
    await expectServed('/contacts', people);
    await expectServed('/folders', folders);
    const Statuses = z.array(z.object({ id: z.string() }));
    const known = (await rows('/workflows')).flatMap((one) =>
      Statuses.parse(one['customStatuses']).map(({ id }) => id),
    );
    expect(known).toEqual(expect.arrayContaining(statuses));
  });
});
