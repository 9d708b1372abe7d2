import { failure, httpPolicy } from '../src/access.ts';
import { Settings } from '../src/settings.ts';

const answer = (status: number, json: Record<string, string> = {}) => ({
  status,
  headers: {},
  json,
  method: 'GET',
  path: '/tasks',
});

describe('failure', () => {
  it.each([
    [300, {}, 'WRIKE_WRONG_HOST', 'fix-config'],
    [400, { error: 'invalid_parameter' }, 'WRIKE_INVALID_PARAMETER', 'fail'],
    [401, { error: 'not_authorized' }, 'SOURCE_UNAUTHORISED', 'fix-config'],
    [403, { error: 'not_allowed' }, 'SOURCE_FORBIDDEN', 'fix-config'],
    [404, { error: 'resource_not_found' }, 'WRIKE_NOT_FOUND', 'fail'],
  ])('takes %i for what it is', (status, json, code, recovery) => {
    expect(failure(answer(status, json))).toMatchObject({ code, recovery });
  });

  it.each([400, 429, 500, 503])('leaves %i to the runtime', (status) => {
    expect(failure(answer(status, { error: 'invalid_request' }))).toBeUndefined();
  });

  it('tells the reason of the source, bounded', () => {
    const told = failure(answer(401, { errorDescription: 'x'.repeat(5_000) }));
    expect(told?.message.length).toBeLessThan(400);
  });
});

describe('httpPolicy', () => {
  it.each(['https://app-eu.wrike.com', 'https://app-eu.wrike.com/', 'https://app-eu.wrike.com/api/v4'])(
    'finds the API at %s',
    (base_url) => {
      expect(httpPolicy(Settings.parse({ token: 't', base_url })).baseUrl).toBe('https://app-eu.wrike.com/api/v4');
    },
  );

  it('prefers the permanent token and else refreshes at the same data centre', () => {
    const oauth = { client_id: 'c', client_secret: 's', refresh_token: 'r', base_url: 'https://app-us2.wrike.com' };
    expect(httpPolicy(Settings.parse({ ...oauth, token: 't' })).auth).toEqual({ kind: 'bearer', token: 't' });
    expect(httpPolicy(Settings.parse(oauth)).auth).toMatchObject({
      kind: 'refresh-token',
      tokenUrl: 'https://app-us2.wrike.com/oauth2/token',
      clientAuth: 'form',
    });
  });
});

describe('Settings', () => {
  it.each([
    [{}, ['token']],
    [{ client_id: 'c' }, ['client_secret', 'refresh_token']],
  ])('names what is missing from %j', (settings, missing) => {
    const { error } = Settings.safeParse(settings);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual(missing);
  });
});
