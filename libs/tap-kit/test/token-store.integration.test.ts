import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encryptionKey, migrateControl } from '@pipeline/control';
import { createTestDatabase, type TestDatabase } from '@pipeline/testing';
import { configFileTokenStore, TOKENS_KEY } from '../src/auth/config-file-token-store.ts';
import { databaseTokenStore } from '../src/auth/database-token-store.ts';
import { refreshTokenAuth } from '../src/auth/refresh-token.ts';
import type { StoredTokens, TokenStore } from '../src/auth/token-store.ts';
import { systemTiming } from '../src/http/timing.ts';
import { keptLog, neverAborted } from './support/deps.ts';
import { FakeProvider } from './support/fake-provider.ts';

const KEY = encryptionKey(randomBytes(32).toString('hex'));
const TOKENS: StoredTokens = {
  seed: 's',
  accessToken: 'canary-access',
  expiresAt: 1,
  refreshToken: 'canary-refresh',
  rotatedAt: 1,
};
let database: TestDatabase;
let folder: string;
let configPath: string;

beforeAll(async () => {
  database = await createTestDatabase({ name: 'control', prepare: migrateControl });
});
afterAll(() => database.drop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokens-'));
  configPath = join(folder, 'config.json');
  await writeFile(configPath, '{"refresh_token":"r0","big":9007199254740993}');
  await database.pool.query('delete from pipeline.credentials');
});
afterEach(() => rm(folder, { recursive: true }));

const stores: [string, () => TokenStore][] = [
  ['the database', () => databaseTokenStore({ pool: database.pool, name: 'xero', key: KEY })],
  ['the config file', () => configFileTokenStore(configPath, systemTiming)],
];

describe.each(stores)('tokens in %s', (_name, open) => {
  test('are found again by the next process', async () => {
    await open().exclusively(() => Promise.resolve(TOKENS));
    const seen: unknown[] = [];
    await open().exclusively((stored) => {
      seen.push(stored);
      return Promise.resolve(stored ?? TOKENS);
    });
    expect(seen).toEqual([TOKENS]);
  });

  test('are not changed by work that fails', async () => {
    await open().exclusively(() => Promise.resolve(TOKENS));
    await expect(open().exclusively(() => Promise.reject(new Error('no response')))).rejects.toThrow('no response');
    expect(await open().exclusively((stored) => Promise.resolve(stored ?? { ...TOKENS, seed: 'lost' }))).toEqual(
      TOKENS,
    );
  });

  test('are refreshed exactly once by eight replicas at the same moment', async () => {
    const provider = new FakeProvider();
    const { logger } = keptLog();
    const auth = {
      kind: 'refresh-token',
      tokenUrl: 'https://x.example',
      clientId: 'c',
      clientSecret: 's',
      refreshToken: 'r0',
      graceMs: 0,
      clientAuth: 'basic',
    } as const;
    const replicas = Array.from({ length: 8 }, () =>
      refreshTokenAuth(auth, {
        transport: provider.transport,
        tokenStore: open(),
        timing: systemTiming,
        logger,
        stop: neverAborted,
      }),
    );
    const headers = await Promise.all(replicas.map((replica) => replica.authorization()));
    expect(new Set(headers)).toEqual(new Set(['Bearer a1']));
    expect(provider.requests).toHaveLength(1);

    // The source refuses the token for all of them: again one refresh serves all.
    const renewed = await Promise.all(replicas.map((replica) => replica.renew('Bearer a1')));
    expect(renewed).not.toContain(false);
    expect(provider.requests).toHaveLength(2);
  });
});

test('the database holds tokens encrypted, and another key opens nothing', async () => {
  await databaseTokenStore({ pool: database.pool, name: 'xero', key: KEY }).exclusively(() => Promise.resolve(TOKENS));
  const { rows } = await database.pool.query<{ row: string }>(
    `select encode(sealed, 'escape') as row from pipeline.credentials`,
  );
  expect(rows[0]?.row).not.toMatch(/canary/);
  const other = databaseTokenStore({
    pool: database.pool,
    name: 'xero',
    key: encryptionKey(randomBytes(32).toString('hex')),
  });
  await expect(other.exclusively(() => Promise.resolve(TOKENS))).rejects.toMatchObject({
    code: 'CREDENTIALS_UNREADABLE',
  });
});

test('the config file keeps its settings digit for digit, its mode, and no draft or lock beside it', async () => {
  await chmod(configPath, 0o600);
  await configFileTokenStore(configPath, systemTiming).exclusively(() => Promise.resolve(TOKENS));
  const text = await readFile(configPath, 'utf8');
  expect(text).toContain('"big": 9007199254740993');
  expect(JSON.parse(text)).toMatchObject({ refresh_token: 'r0', [TOKENS_KEY]: TOKENS });
  expect((await stat(configPath)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['config.json']);
});

test('a lock that a dead process left is taken over', async () => {
  await writeFile(`${configPath}.lock`, '');
  const longAgo = new Date(Date.now() - 120_000);
  await utimes(`${configPath}.lock`, longAgo, longAgo);
  expect(await configFileTokenStore(configPath, systemTiming).exclusively(() => Promise.resolve(TOKENS))).toEqual(
    TOKENS,
  );
});
