import { failure, httpPolicy } from '../src/client.ts';
import { Settings } from '../src/settings.ts';

const credentials = { client_id: 'id', client_secret: 'secret' };

function failureOf(status: number, options: { headers?: Record<string, string>; json?: Record<string, string> } = {}) {
  return failure({ status, headers: options.headers ?? {}, json: options.json, method: 'GET', path: '/x' });
}

describe('httpPolicy', () => {
  it('rotates the refresh token when there is one', () => {
    const { auth } = httpPolicy(Settings.parse({ ...credentials, refresh_token: 'first' }));
    expect(auth).toMatchObject({
      kind: 'refresh-token',
      tokenUrl: 'https://identity.xero.com/connect/token',
      refreshToken: 'first',
      graceMs: 1_800_000,
      clientAuth: 'basic',
    });
  });

  it('is a custom connection without a refresh token', () => {
    const { auth } = httpPolicy(Settings.parse(credentials));
    expect(auth).toMatchObject({
      kind: 'client-credentials',
      scopes: [
        expect.stringContaining('accounting.invoices.read'),
        expect.stringContaining('accounting.transactions.read'),
        expect.not.stringContaining('journals'),
      ],
    });
  });
});

describe('the limits of Xero', () => {
  const { limits } = httpPolicy(Settings.parse({ client_id: 'c', client_secret: 's' }));
  const named = (path: string, headers: Record<string, string> = {}) =>
    limits
      .filter(({ applies }) => applies?.({ method: 'GET', path }) ?? true)
      .map(({ name, scope }) => [name, scope?.({ path, headers })]);

  it('are counted for each organisation, the one of the app for all of them', () => {
    expect(named('api.xro/2.0/Invoices', { 'Xero-Tenant-Id': 'a' })).toEqual([
      ['minute', 'a'],
      ['day', 'a'],
      ['app-minute', undefined],
    ]);
  });

  it('do not count the list of connections for an organisation', () => {
    expect(named('connections')).toEqual([['app-minute', undefined]]);
  });

  it('are followed where Xero says what is left', () => {
    const headers = { 'x-minlimit-remaining': '7', 'x-daylimit-remaining': '900' };
    const left = limits.map(({ name, remaining }) => [name, remaining?.({ status: 200, headers })]);
    expect(left).toEqual([
      ['minute', 7],
      ['day', 900],
      ['app-minute', undefined],
    ]);
  });
});

describe('failure', () => {
  it.each(['day', 'Daily limit', 'DayLimit'])('stops the run at a daily limit called "%s"', (problem) => {
    expect(failureOf(429, { headers: { 'x-rate-limit-problem': problem } })).toMatchObject({ stopsRun: true });
  });

  it.each(['minute', 'appminute', 'concurrent', undefined])('waits at any other limit: %s', (problem) => {
    const found = failureOf(429, { headers: problem === undefined ? {} : { 'x-rate-limit-problem': problem } });
    expect(found).toMatchObject({ recovery: 'retry' });
    expect(found?.stopsRun).toBeUndefined();
  });

  it('tells a missing scope from a token that has ended', () => {
    expect(failureOf(401, { json: { Detail: 'AuthorizationUnsuccessful' } })).toMatchObject({ recovery: 'fix-config' });
    expect(failureOf(401, { json: { Detail: 'TokenExpired: token expired at 04/09/2023 05:16:59' } })).toBeUndefined();
  });

  it('leaves the rest to the runtime', () => {
    expect(failureOf(503)).toBeUndefined();
    expect(failureOf(400, { json: { Type: 'ValidationException' } })).toBeUndefined();
  });
});
