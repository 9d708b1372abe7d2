import { z } from 'zod';
import { Random } from '../../src/random.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox.ts';
import { createWrikeApi } from '../../src/wrike/api.ts';

const Body = z.object({
  kind: z.string(),
  nextPageToken: z.string().optional(),
  responseSize: z.number().optional(),
  data: z.array(z.looseObject({ id: z.string() })),
});

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ deals: 600, only: ['wrike'], rateLimitFactor: 1_000, tokens: { wrike: ['t'] } });
});
afterAll(() => sandbox.stop());

const ask = (path: string, headers: Record<string, string> = { authorization: 'Bearer t' }) =>
  fetch(`${sandbox.url('wrike')}/api/v4${path}`, { headers });
const page = async (path: string) => Body.parse(await (await ask(path)).json());
const refusal = async (path: string) => {
  const response = await ask(path);
  return { status: response.status, ...z.object({ error: z.string() }).parse(await response.json()) };
};

describe('access', () => {
  it('is refused without a known token', async () => {
    expect((await ask('/account', {})).status).toBe(401);
    expect((await ask('/account', { authorization: 'Bearer other' })).status).toBe(401);
    expect((await ask('/account?access_token=t', {})).status).toBe(200);
  });

  it('rotates refresh tokens: the old pair dies', async () => {
    const refresh = async (token: string) => {
      const body = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'wrike-sandbox-client',
        client_secret: 'wrike-sandbox-secret',
        refresh_token: token,
      });
      const response = await fetch(`${sandbox.url('wrike')}/oauth2/token`, { method: 'POST', body });
      return { status: response.status, json: z.record(z.string(), z.unknown()).parse(await response.json()) };
    };
    const { json } = await refresh('wrike-sandbox-refresh-token');
    const headers = { authorization: `Bearer ${json['access_token']}` };
    expect((await ask('/account', headers)).status).toBe(200);
    expect(await refresh('wrike-sandbox-refresh-token')).toMatchObject({
      status: 400,
      json: { error: 'invalid_grant' },
    });
    expect((await refresh(String(json['refresh_token']))).status).toBe(200);
    expect((await ask('/account', headers)).status).toBe(401);
  });

  it('is limited to 400 requests a minute', async () => {
    const slow = await startSandbox({ deals: 100, only: ['wrike'], now: () => Date.UTC(2026, 10, 1) });
    const path = `${slow.url('wrike')}/api/v4/workflows?access_token=wrike-sandbox-token`;
    const statuses: number[] = [];
    for (let request = 0; request < 401; request += 1) statuses.push((await fetch(path)).status);
    expect([statuses.filter((status) => status === 200).length, statuses.at(-1)]).toEqual([400, 429]);
    await slow.stop();
  });
});

describe('tasks', () => {
  it('come in pages that end without a token', async () => {
    const first = await page('/tasks?subTasks=true&pageSize=1000&sortField=CreatedDate&sortOrder=Asc');
    const rest = await page(
      `/tasks?subTasks=true&pageSize=1000&sortField=CreatedDate&sortOrder=Asc&nextPageToken=${first.nextPageToken}`,
    );
    expect([first.data.length, rest.nextPageToken]).toEqual([1_000, undefined]);
    const ids = [...first.data, ...rest.data].map(({ id }) => id);
    expect(new Set(ids).size).toBe(first.responseSize);
    expect(ids.length).toBe(sandbox.truth('wrike', 'tasks').count);
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
    expect((before.responseSize ?? 0) + (after.responseSize ?? 0)).toBe(sandbox.truth('wrike', 'tasks').count);
  });
});

describe('folders', () => {
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
