import { inTransaction } from '@pipeline/postgres';
import type { TestDatabase } from '@pipeline/testing';
import {
  insertConnection,
  listConnections,
  listSources,
  newestChecks,
  readCheck,
  readRequestedCheck,
  registerEnvironmentConnection,
  registerSource,
  relayOutbox,
  removeConnection,
  requestCheck,
  saveCheck,
  updateConnection,
} from '../src/index.ts';
import { controlDatabase, SOURCE_DESCRIPTION } from './support.ts';

const result = {
  checkedAt: '2026-11-27T03:00:00.000Z',
  isOk: true,
  account: { id: '7', name: 'Acme' },
  code: null,
  message: null,
  remedy: null,
  scopes: [],
  streams: [],
  limits: [],
  tokenEndsAt: null,
};
const draft = {
  name: 'second',
  source: 'test',
  settings: { start_date: '2026-01-01' },
  secrets: { sealed: Buffer.from([1, 2]), keyId: 'k', secrets: { token: '2026-11-27T03:00:00Z' } },
  selection: { select: ['deals'] },
  targetSchema: 'second',
};

describe('connections', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await controlDatabase();
    await registerSource(database.pool, SOURCE_DESCRIPTION);
  });
  afterAll(() => database.drop());

  it('lists a source as its tap has described it', async () => {
    expect(await listSources(database.pool)).toEqual([
      expect.objectContaining({ description: SOURCE_DESCRIPTION, isAlive: true, seenAt: expect.any(Date) }),
    ]);
  });

  it('gives the environment the last word on what variables set, and keeps what the page saved beneath', async () => {
    const register = (settings: Record<string, string>) =>
      registerEnvironmentConnection(database.pool, {
        name: 'test',
        source: 'test',
        settings,
        locked: { base_url: 'TEST_BASE_URL' },
        secrets: ['token'],
        selection: { select: null },
        targetSchema: 'test',
      });
    await register({ base_url: 'https://one.example' });
    await register({ base_url: 'https://two.example' });
    const [connection] = await listConnections(database.pool, 'test');
    expect(connection).toMatchObject({
      origin: 'environment',
      settings: { base_url: 'https://two.example' },
      secrets: { token: expect.any(String) },
      revision: 2,
    });
    await register({ base_url: 'https://two.example' });
    expect((await listConnections(database.pool, 'test'))[0]).toMatchObject({ revision: 2 });
  });

  it('changes a connection only from the revision that was read', async () => {
    const change = (revision: number) =>
      inTransaction(database.pool, (client) => updateConnection(client, { ...draft, revision, targetSchema: 'other' }));
    expect(await inTransaction(database.pool, (client) => insertConnection(client, draft))).toBe(true);
    expect(await inTransaction(database.pool, (client) => insertConnection(client, draft))).toBe(false);
    expect(await change(2)).toBe(false);
    expect(await change(1)).toBe(true);
    const second = (await listConnections(database.pool)).find(({ name }) => name === 'second');
    expect(second).toMatchObject({ targetSchema: 'other', revision: 2, sealed: Buffer.from([1, 2]) });
  });

  it('asks a tap for a check with a command, and forgets the secrets of a trial when it is done', async () => {
    const id = crypto.randomUUID();
    const trial = { sealed: Buffer.from([9]), keyId: 'k' };
    await inTransaction(database.pool, (client) =>
      requestCheck(client, { id, source: 'test', connection: null, trial, requestedBy: 'admin' }),
    );
    const sent: string[] = [];
    await relayOutbox(database.pool, async ({ body }) => void sent.push(body));
    expect(sent.map((body) => JSON.parse(body))).toEqual([{ type: 'check', source: 'test', checkId: id }]);
    expect(await readRequestedCheck(database.pool, id)).toMatchObject({ connection: null, trial });
    await saveCheck(database.pool, id, result);
    await saveCheck(database.pool, id, { ...result, isOk: false });
    expect(await readRequestedCheck(database.pool, id)).toBeUndefined();
    expect(await readCheck(database.pool, id)).toEqual({ isDone: true, result });
    const { rows } = await database.pool.query('select sealed from pipeline.connection_checks where id = $1', [id]);
    expect(rows).toEqual([{ sealed: null }]);
  });

  it('knows the newest result of each connection, and that another look is asked for', async () => {
    const first = crypto.randomUUID();
    await inTransaction(database.pool, async (client) => {
      await requestCheck(client, {
        id: first,
        source: 'test',
        connection: 'second',
        trial: null,
        requestedBy: 'admin',
      });
      await saveCheck(client, first, result);
    });
    const again = { id: crypto.randomUUID(), source: 'test', connection: 'second', trial: null, requestedBy: 'admin' };
    await inTransaction(database.pool, (client) => requestCheck(client, again));
    expect((await newestChecks(database.pool)).get('second')).toEqual({ result, isChecking: true });
    expect((await newestChecks(database.pool)).get('test')).toEqual({ result: null, isChecking: false });
  });

  it('removes a connection with its secrets, and takes no other of its name', async () => {
    expect(await inTransaction(database.pool, (client) => removeConnection(client, 'second'))).toBe(true);
    const { rows } = await database.pool.query(`select sealed from pipeline.connections where name = 'second'`);
    expect(rows).toEqual([{ sealed: null }]);
    expect(await inTransaction(database.pool, (client) => insertConnection(client, draft))).toBe(false);
  });
});
