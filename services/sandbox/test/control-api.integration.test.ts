import { z } from 'zod';
import { type Sandbox, startSandbox } from '../src/sandbox.ts';

const Counts = z.record(z.string(), z.record(z.string(), z.number()));
const Truth = z.object({ key: z.array(z.string()), rows: z.array(z.record(z.string(), z.unknown())) });
const Jobs = z.array(z.object({ made: z.number(), done: z.boolean() }));

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ deals: 100, seed: 1, rateLimitFactor: 1_000 });
});
afterEach(() => sandbox.stop());

const control = async (method: string, path: string, body?: object) => {
  const response = await fetch(sandbox.url('control') + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
};
const wrike = (path: string) =>
  fetch(`${sandbox.url('wrike')}/api/v4${path}`, { headers: { authorization: 'Bearer wrike-sandbox-token' } });

describe('the control API', () => {
  it('counts what every stream of every source has, and returns its rows', async () => {
    const counts = Counts.parse((await control('GET', '/truth')).json);
    expect(Object.keys(counts).sort()).toEqual(['hubspot', 'wrike', 'xero']);
    for (const [source, streams] of Object.entries(counts)) {
      for (const [stream, count] of Object.entries(streams)) {
        const { key, rows } = Truth.parse((await control('GET', `/truth/${source}/${stream}`)).json);
        expect(rows).toHaveLength(count);
        const keys = rows.map((row) => JSON.stringify(key.map((name) => row[name])));
        expect(new Set(keys).size).toBe(count);
      }
    }
    expect((await control('GET', '/truth/wrike/nothing')).status).toBe(404);
  });

  it('changes a source at once or over time', async () => {
    await control('POST', '/mutations', { source: 'wrike', count: 20, seed: 3 });
    const jobs = async () => Jobs.parse((await control('GET', '/mutations')).json);
    expect((await jobs())[0]).toMatchObject({ made: 20, done: true });
    await control('POST', '/mutations', { count: 3, everyMs: 1 });
    while (!(await jobs())[1]?.done);
    expect((await jobs())[1]?.made).toBe(3);
    expect((await control('POST', '/mutations', { count: 0 })).status).toBe(400);
  });

  it('responds to a fault with the error body of the source, and cuts bodies', async () => {
    await control('POST', '/faults', { source: 'wrike', kind: 'status', status: 429, retryAfterSeconds: 7 });
    const refused = await wrike('/account');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await refused.json()).toMatchObject({ error: 'rate_limit_exceeded' });
    await control('POST', '/faults', { source: 'wrike', kind: 'cut-body' });
    const cut = await wrike('/account');
    await expect(cut.text()).rejects.toThrow();
    expect((await wrike('/account')).status).toBe(200);
    const { json } = await control('GET', '/requests');
    expect(json).toContainEqual({
      source: 'wrike',
      path: 'GET /api/v4/account',
      requests: 3,
      byStatus: expect.objectContaining({ 200: 1 }),
    });
  });
});
