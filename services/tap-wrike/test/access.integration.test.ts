import { connectTap, memoryTokenStore } from '@pipeline/tap-kit/testing';
import { type Sandbox, startSandbox } from '../../sandbox/src/sandbox.ts';
import { tap } from '../src/tap.ts';
import { sandboxSettings } from './sandbox.ts';

const OAUTH = {
  client_id: 'wrike-sandbox-client',
  client_secret: 'wrike-sandbox-secret',
  refresh_token: 'wrike-sandbox-refresh-token',
};

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ deals: 100, only: ['wrike'], rateLimitFactor: 1_000_000 });
});
afterAll(() => sandbox.stop());

/** Addresses of hosts of Wrike behind the sandbox's port. The account lives at app-eu. */
const host = (name: string): string => `${sandbox.url('wrike')}/${name}.wrike.com`;

describe('an account of another data centre', () => {
  const centres = (...names: string[]) => ({ data_centres: names.map(host).join(','), base_url: host(names[0] ?? '') });

  it.each([
    ['401', ['www', 'app-us2', 'app-eu']],
    ['300', ['app-us2', 'app-eu']],
  ])('that responds with %s is found by itself', async (_, names) => {
    const settings = { ...sandboxSettings(sandbox.url('wrike')), ...centres(...names) };
    const { account, http, close } = await connectTap(tap, settings);
    expect(account).toEqual({ id: 'IEAGXR2E', name: 'Acme' });
    await expect(http.json({ path: '/account' })).resolves.toMatchObject({ kind: 'accounts' });
    close();
  });

  it('is not found with a token that nobody knows: the error names what was tried', async () => {
    const settings = {
      ...sandboxSettings(sandbox.url('wrike')),
      ...centres('www', 'app-us2', 'app-eu'),
      token: 'wrong',
    };
    await expect(connectTap(tap, settings)).rejects.toMatchObject({
      code: 'SOURCE_UNAUTHORISED',
      recovery: 'fix-config',
      message: expect.stringContaining('tried'),
    });
  });
});

describe('OAuth', () => {
  it('refreshes at the login host only, and asks where the token response says', async () => {
    const { token: _, ...address } = sandboxSettings(sandbox.url('wrike'));
    const settings = { ...address, ...OAUTH, base_url: host('www'), login_url: host('login') };
    const { account, close } = await connectTap(tap, settings);
    expect(account?.name).toBe('Acme');
    close();
    const paths = sandbox.requests.list().filter(({ path }) => path.includes('oauth2/token'));
    expect(paths.flatMap(({ byStatus }) => Object.keys(byStatus))).toEqual(['200']);
  });

  it('tells the operator to authorise again when a process died before the new pair was saved', async () => {
    const { token: _, ...address } = sandboxSettings(sandbox.url('wrike'));
    const settings = { ...address, ...OAUTH, base_url: host('www'), login_url: host('login') };
    const dying = memoryTokenStore(() => {
      throw new Error('killed');
    });
    const fresh = await startSandbox({ deals: 100, only: ['wrike'] });
    const there = JSON.parse(JSON.stringify(settings).replaceAll(sandbox.url('wrike'), fresh.url('wrike')));
    await expect(connectTap(tap, there, { tokenStore: dying })).rejects.toThrow('killed');
    await expect(connectTap(tap, there)).rejects.toMatchObject({
      code: 'SOURCE_UNAUTHORISED',
      recovery: 'fix-config',
      message: expect.stringContaining('authorise the connection again'),
    });
    await fresh.stop();
  });

  it('goes on with the saved pair in the next process, whatever the first token was', async () => {
    const fresh = await startSandbox({ deals: 100, only: ['wrike'] });
    const { token: _, ...address } = sandboxSettings(fresh.url('wrike'));
    const tokenStore = memoryTokenStore();
    for (let process = 1; process <= 3; process += 1) {
      const { account, close } = await connectTap(tap, { ...address, ...OAUTH }, { tokenStore });
      expect(account?.name).toBe('Acme');
      close();
      fresh.api('wrike').expireTokens();
    }
    await fresh.stop();
  });

  it('gets nothing from the endpoint of a data centre, which is gone', async () => {
    const response = await fetch(`${host('app-eu')}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams(OAUTH),
    });
    expect(response.status).toBe(404);
  });
});
