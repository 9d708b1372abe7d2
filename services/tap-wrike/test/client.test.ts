import { consentRequest } from '@pipeline/protocol';
import { apiUrlOfHost, failure, httpPolicy } from '../src/client.ts';
import { consent } from '../src/consent.ts';
import { Settings } from '../src/settings.ts';

const response = (status: number, json: Record<string, string> = {}) => ({
  status,
  headers: {},
  json,
  method: 'GET',
  path: '/tasks',
});
const oauth = { client_id: 'c', client_secret: 's', refresh_token: 'r' };

describe('failure', () => {
  it.each([
    [300, {}, 'WRIKE_WRONG_HOST', 'fix-config'],
    [400, { error: 'invalid_parameter' }, 'WRIKE_INVALID_PARAMETER', 'fail'],
    [400, { error: 'invalid_request' }, 'WRIKE_INVALID_PARAMETER', 'fail'],
    [401, { error: 'not_authorized' }, 'SOURCE_UNAUTHORISED', 'fix-config'],
    [403, { error: 'not_allowed' }, 'SOURCE_FORBIDDEN', 'fix-config'],
    [404, { error: 'resource_not_found' }, 'WRIKE_NOT_FOUND', 'fail'],
  ])('takes %i for what it is', (status, json, code, recovery) => {
    expect(failure(response(status, json))).toMatchObject({ code, recovery });
  });

  it.each([400, 429, 500, 503])('leaves %i to the runtime', (status) => {
    expect(failure(response(status, { error: 'server_error' }))).toBeUndefined();
  });

  it('names the data centre as a reason of 401', () => {
    expect(failure(response(401, { error: 'not_authorized' }))?.message).toContain('data centre');
  });

  it('tells the reason of the source, bounded', () => {
    const told = failure(response(401, { errorDescription: 'x'.repeat(5_000) }));
    expect(told?.message.length).toBeLessThan(500);
  });
});

describe('httpPolicy', () => {
  it.each(['https://app-eu.wrike.com', 'https://app-eu.wrike.com/', 'https://app-eu.wrike.com/api/v4'])(
    'finds the API at %s',
    (base_url) => {
      expect(httpPolicy(Settings.parse({ token: 't', base_url })).baseUrl).toBe('https://app-eu.wrike.com/api/v4');
    },
  );

  it('prefers the permanent token, and else refreshes at the login host whatever the data centre', () => {
    const settings = { ...oauth, base_url: 'https://app-us2.wrike.com' };
    expect(httpPolicy(Settings.parse({ ...settings, token: 't' })).auth).toEqual({ kind: 'bearer', token: 't' });
    expect(httpPolicy(Settings.parse(settings)).auth).toMatchObject({
      kind: 'refresh-token',
      tokenUrl: 'https://login.wrike.com/oauth2/token',
      clientAuth: 'form',
    });
  });

  it.each([
    [400, 400],
    [100, 100],
  ])('keeps %i requests a minute, and no more at once than a second may have', (requests_per_minute, minute) => {
    const { limits } = httpPolicy(Settings.parse({ token: 't', requests_per_minute }));
    const second = limits.find(({ name }) => name === 'second');
    expect(limits.find(({ name }) => name === 'minute')?.requests).toBe(minute);
    expect((second?.requests ?? 0) * 60).toBeLessThanOrEqual(minute * 1.3);
  });
});

describe('the host of a token response', () => {
  const settings = Settings.parse(oauth);

  it('is where the account is asked', () => {
    expect(apiUrlOfHost('app-eu.wrike.com', settings)).toBe('https://app-eu.wrike.com/api/v4');
  });

  it.each(['evil.example', 'wrike.com.evil.example', 'evilwrike.com', 'app.wrike.com@evil.example', '', undefined])(
    'is not followed when it is %p',
    (host) => {
      expect(apiUrlOfHost(host, settings)).toBeUndefined();
    },
  );

  it('would be followed anywhere without the list of hosts (mutation)', () => {
    const unlisted = Settings.parse({ ...oauth, allow_other_host: 'true' });
    expect(apiUrlOfHost('evil.example', unlisted)).toBe('https://evil.example/api/v4');
  });

  it('may be any other only for the sandbox', () => {
    const sandbox = Settings.parse({ ...oauth, base_url: 'http://127.0.0.1:4030', allow_other_host: 'true' });
    expect(apiUrlOfHost('127.0.0.1:4030', sandbox)).toBe('http://127.0.0.1:4030/api/v4');
  });
});

describe('Settings', () => {
  it.each([
    [{}, ['token']],
    [{ client_id: 'c' }, ['client_secret', 'refresh_token']],
    [{ token: 't', base_url: 'https://evil.example' }, ['base_url']],
    [{ token: 't', base_url: 'http://www.wrike.com' }, ['base_url']],
    [{ token: 't', base_url: 'https://wrike.com.evil.example' }, ['base_url']],
    [{ token: 't', login_url: 'https://evil.example' }, ['login_url']],
    [{ token: 't', data_centres: 'https://www.wrike.com,https://evil.example' }, ['data_centres']],
    [{ token: 't', start_date: 'yesterday' }, ['start_date']],
    [{ token: 't', requests_per_minute: 401 }, ['requests_per_minute']],
    [{ token: 't', lookback_minutes: 0 }, ['lookback_minutes']],
  ])('names what is missing from or wrong in %j', (settings, wrong) => {
    const { error } = Settings.safeParse(settings);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual(wrong);
  });

  it('takes an address outside wrike.com when it is allowed in so many words', () => {
    const settings = { token: 't', base_url: 'http://127.0.0.1:1', data_centres: 'http://127.0.0.1:1' };
    expect(Settings.safeParse({ ...settings, allow_other_host: 'true' }).success).toBe(true);
  });
});

describe('consent', () => {
  it('asks at the login host, with scopes parted by commas', () => {
    const asked = consent({ base_url: 'https://app-eu.wrike.com' });
    const { url } = consentRequest(asked, { clientId: 'c', redirectUri: 'https://me.example/callback' });
    expect([new URL(url).origin + new URL(url).pathname, asked.tokenUrl]).toEqual([
      'https://login.wrike.com/oauth2/authorize/v4',
      'https://login.wrike.com/oauth2/token',
    ]);
    expect(new URL(url).searchParams.get('scope')).toMatch(/^Default,wsReadOnly,amReadOnlyWorkflow,/);
    expect(asked.scopes).toContain('amReadOnlyUser');
  });
});
