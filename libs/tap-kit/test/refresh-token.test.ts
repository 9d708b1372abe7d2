import { createHash } from 'node:crypto';
import { PipelineError } from '@pipeline/protocol';
import { type RefreshTokenAuth, refreshTokenAuth } from '../src/auth/refresh-token.ts';
import type { StoredTokens, TokenStore } from '../src/auth/token-store.ts';
import { fakeTiming, keptLog, neverAborted } from './support/deps.ts';
import { FakeProvider } from './support/fake-provider.ts';

const MINUTE_MS = 60_000;
const AUTH: RefreshTokenAuth = {
  kind: 'refresh-token',
  tokenUrl: 'https://identity.example.com/token',
  clientId: 'client',
  clientSecret: 'secret',
  refreshToken: 'r0',
  graceMs: 30 * MINUTE_MS,
  clientAuth: 'basic',
};

function memoryTokenStore(): TokenStore & { stored: StoredTokens | undefined; onSave: () => void } {
  const tokenStore = {
    stored: undefined as StoredTokens | undefined,
    onSave: () => undefined,
    exclusively: async (work: Parameters<TokenStore['exclusively']>[0]) => {
      const tokens = await work(tokenStore.stored);
      if (tokens !== tokenStore.stored) tokenStore.onSave();
      tokenStore.stored = tokens;
      return tokens;
    },
  };
  return tokenStore;
}

function setUp(auth: Partial<RefreshTokenAuth> = {}, tokenStore = memoryTokenStore(), provider = new FakeProvider()) {
  const timing = fakeTiming();
  const { logger, lines } = keptLog();
  const { transport } = provider;
  const deps = { transport, tokenStore, timing, logger, stop: neverAborted };
  const open = () => refreshTokenAuth({ ...AUTH, ...auth }, deps);
  return { open, tokenStore, provider, timing, lines };
}

const lost = () => {
  throw new PipelineError({ code: 'SOURCE_UNREACHABLE', recovery: 'retry', message: 'no response' });
};

test('a token is used until five minutes before its end, then replaced', async () => {
  const { open, provider, timing } = setUp();
  const auth = open();
  expect(await auth.authorization()).toBe('Bearer a1');
  await timing.sleep(24 * MINUTE_MS);
  expect(await auth.authorization()).toBe('Bearer a1');
  await timing.sleep(2 * MINUTE_MS);
  expect(await auth.authorization()).toBe('Bearer a2');
  expect(provider.requests.map((form) => form.get('refresh_token'))).toEqual(['r0', 'r1']);
});

test('the rotated token is what the next process uses', async () => {
  const { open, provider, timing, tokenStore } = setUp();
  await open().authorization();
  expect(tokenStore.stored).toMatchObject({ refreshToken: 'r1', previousRefreshToken: 'r0' });
  expect(await open().authorization()).toBe('Bearer a1');
  await timing.sleep(30 * MINUTE_MS);
  expect(await open().authorization()).toBe('Bearer a2');
  expect(provider.requests.map((form) => form.get('refresh_token'))).toEqual(['r0', 'r1']);
});

test('callers at the same moment share one refresh', async () => {
  const { open, provider } = setUp();
  const auth = open();
  const headers = await Promise.all(Array.from({ length: 10 }, () => auth.authorization()));
  expect(new Set(headers)).toEqual(new Set(['Bearer a1']));
  expect(provider.requests).toHaveLength(1);
});

test('nobody sees a token that could not be saved', async () => {
  const { open, tokenStore } = setUp();
  tokenStore.onSave = () => {
    throw new Error('disk full');
  };
  await expect(open().authorization()).rejects.toThrow('disk full');
  tokenStore.onSave = () => undefined;
  // The provider has rotated, the store has not: the old token still works within the grace.
  expect(await open().authorization()).toBe('Bearer a1');
});

test('a lost response is asked for again with the same token', async () => {
  const { open, provider, timing } = setUp();
  provider.onResponse = () => {
    provider.onResponse = () => undefined;
    lost();
  };
  expect(await open().authorization()).toBe('Bearer a1');
  expect(provider.requests.map((form) => form.get('refresh_token'))).toEqual(['r0', 'r0']);
  expect(timing.slept).toEqual([500]);
});

test('an unavailable token endpoint is asked five times, then it is an error', async () => {
  const { open, provider } = setUp();
  provider.onRequest = lost;
  await expect(open().authorization()).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  expect(provider.requests).toHaveLength(5);
});

test('when the newest token is refused, the one before it is tried once within the grace', async () => {
  const { open, provider, tokenStore, timing } = setUp();
  await open().authorization();
  const stored = tokenStore.stored;
  if (stored === undefined) throw new Error('nothing stored');
  // Restored from a backup that is one rotation ahead of the provider.
  tokenStore.stored = { ...stored, refreshToken: 'r9', previousRefreshToken: 'r1', expiresAt: 0 };
  expect(await open().authorization()).toBe('Bearer a2');
  tokenStore.stored = { ...stored, refreshToken: 'r9', previousRefreshToken: 'r2', expiresAt: 0 };
  await timing.sleep(31 * MINUTE_MS);
  await expect(open().authorization()).rejects.toMatchObject({ code: 'SOURCE_UNAUTHORISED', recovery: 'fix-config' });
  expect(provider.requests.map((form) => form.get('refresh_token'))).toEqual(['r0', 'r9', 'r1', 'r9']);
});

describe('a refresh token that the source refuses', () => {
  const STREAMS = 10;

  test('is sent once for all streams of a run, and again in the next one', async () => {
    const { open, provider, timing } = setUp({ refreshToken: 'r77' });
    const auth = open();
    for (let stream = 0; stream < STREAMS; stream += 1) {
      await expect(auth.authorization()).rejects.toMatchObject({ code: 'SOURCE_UNAUTHORISED' });
    }
    expect(provider.requests).toHaveLength(1);
    await timing.sleep(5 * MINUTE_MS);
    await expect(auth.authorization()).rejects.toMatchObject({ code: 'SOURCE_UNAUTHORISED' });
    expect(provider.requests).toHaveLength(2);
  });

  test('holds nothing up once there is another one', async () => {
    const { open, provider, tokenStore } = setUp({ refreshToken: 'r77' });
    const auth = open();
    await expect(auth.authorization()).rejects.toMatchObject({ code: 'SOURCE_UNAUTHORISED' });
    const seed = createHash('sha256').update('r77').digest('hex');
    tokenStore.stored = { seed, accessToken: 'a0', expiresAt: 0, refreshToken: 'r0', rotatedAt: 0 };
    expect(await auth.authorization()).toBe('Bearer a1');
    expect(provider.requests).toHaveLength(2);
  });

  test('would be sent for each of them if its refusal were forgotten (mutation)', async () => {
    const { open, provider } = setUp({ refreshToken: 'r77' });
    for (let stream = 0; stream < STREAMS; stream += 1) {
      await expect(open().authorization()).rejects.toMatchObject({ code: 'SOURCE_UNAUTHORISED' });
    }
    expect(provider.requests).toHaveLength(STREAMS);
  });
});

test('a new token from the operator replaces the stored ones; if it is wrong, the stored one still serves', async () => {
  const tokenStore = memoryTokenStore();
  const provider = new FakeProvider();
  await setUp({}, tokenStore, provider).open().authorization();
  expect(await setUp({ refreshToken: 'r1' }, tokenStore, provider).open().authorization()).toBe('Bearer a2');
  expect(await setUp({ refreshToken: 'r77' }, tokenStore, provider).open().authorization()).toBe('Bearer a3');
  expect(provider.requests.map((form) => form.get('refresh_token'))).toEqual(['r0', 'r1', 'r77', 'r2']);
});

test('a refused access token is replaced once, also if several requests met the refusal', async () => {
  const { open, provider } = setUp();
  const auth = open();
  const header = await auth.authorization();
  expect(await Promise.all([auth.renew(header), auth.renew(header)])).toEqual([true, true]);
  expect(await auth.renew(header)).toBe(true);
  expect(await auth.authorization()).toBe('Bearer a2');
  expect(provider.requests).toHaveLength(2);
});

test('tokens and secrets stay out of the log', async () => {
  const { open, provider, lines } = setUp();
  provider.onRequest = () => {
    provider.onRequest = () => undefined;
    lost();
  };
  await open().authorization();
  expect(lines.length).toBeGreaterThan(0);
  expect(JSON.stringify(lines)).not.toMatch(/r0|r1|a1|secret/);
});

test('where the account lives is kept with the tokens, also when a later response leaves it out', async () => {
  const baseUrlOf = ({ access_token }: object & { access_token?: unknown }) =>
    access_token === 'a1' ? 'https://eu.example.com' : undefined;
  const { open, timing, tokenStore } = setUp({ baseUrlOf });
  const auth = open();
  await auth.authorization();
  expect(auth.baseUrl?.()).toBe('https://eu.example.com');
  await timing.sleep(29 * MINUTE_MS);
  await auth.authorization();
  expect(tokenStore.stored).toMatchObject({ accessToken: 'a2', baseUrl: 'https://eu.example.com' });
  const next = open();
  await next.authorization();
  expect(next.baseUrl?.()).toBe('https://eu.example.com');
});

test('a refresh token is used at half of its life, even if nothing is read', async () => {
  const { open, provider, timing } = setUp({ lifetimeMs: 60 * 24 * 60 * MINUTE_MS });
  const auth = open();
  await auth.keepAlive?.();
  const began = timing.now();
  expect(auth.endsAt?.()).toBe(began + 60 * 24 * 60 * MINUTE_MS);
  await timing.sleep(29 * 24 * 60 * MINUTE_MS);
  await auth.keepAlive?.();
  expect(provider.requests).toHaveLength(1);
  await timing.sleep(24 * 60 * MINUTE_MS);
  await auth.keepAlive?.();
  await auth.keepAlive?.();
  expect(auth.endsAt?.()).toBe(began + 90 * 24 * 60 * MINUTE_MS);
  expect(provider.requests.map((form) => form.get('refresh_token'))).toEqual(['r0', 'r1']);
  expect(setUp().open().keepAlive).toBeUndefined();
});
