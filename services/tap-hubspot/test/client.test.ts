import { failure, httpPolicy } from '../src/client.ts';
import { Settings } from '../src/settings.ts';

const response = (status: number, json?: Parameters<typeof failure>[0]['json']) =>
  failure({ status, json, headers: {}, method: 'GET', path: '/crm/v3/objects/deals' });

describe('failure', () => {
  it('ends the run when the day is used up', () => {
    expect(response(429, { policyName: 'DAILY' })).toMatchObject({ recovery: 'retry', stopsRun: true });
  });

  it('waits as long as the limit that was hit lasts', () => {
    expect(response(429, { policyName: 'TEN_SECONDLY_ROLLING' })?.retryAfterMs).toBe(10_000);
    expect(response(429, { category: 'RATE_LIMITS' })?.retryAfterMs).toBe(1_000);
  });

  it('retries a 429 of which nothing is known, as the one of the edge', () => {
    expect(response(429)).toMatchObject({ recovery: 'retry' });
    expect(response(429)).not.toHaveProperty('retryAfterMs');
    expect(response(429, { policyName: 3, errors: 'none' })).toMatchObject({ recovery: 'retry' });
  });

  it.each([
    ['what HubSpot is writing', 423, 'SOURCE_LOCKED'],
    ['an account that is being moved', 477, 'SOURCE_MIGRATING'],
  ])('tries again: %s (%i)', (_what, status, code) => {
    expect(response(status)).toMatchObject({ code, recovery: 'retry' });
  });

  it('does not try again an address that is too long', () => {
    expect(response(414)).toMatchObject({ code: 'SOURCE_REFUSED', recovery: 'fail' });
  });

  it('names the missing scopes', () => {
    const errors = [{ context: { requiredGranularScopes: ['crm.objects.deals.read'] } }];
    expect(response(403, { category: 'MISSING_SCOPES', errors })).toMatchObject({ recovery: 'fix-config' });
    expect(response(403, { category: 'MISSING_SCOPES', errors })?.message).toContain('crm.objects.deals.read');
    expect(response(403)?.message).toContain('the read scope of this stream');
  });

  it('does not retry a token that HubSpot refuses', () => {
    expect(response(401)?.recovery).toBe('fix-config');
    expect(response(530)?.recovery).toBe('fix-config');
  });

  it('says of a type that the account has not activated what to do', () => {
    const body = { category: 'VALIDATION_ERROR', subCategory: 'ObjectTypeError.OBJECT_TYPE_NOT_ENABLED' };
    expect(response(400, body)).toMatchObject({ code: 'SOURCE_TYPE_NOT_ACTIVATED', recovery: 'fix-config' });
  });

  it('lets the runtime renew a token that expired', () => {
    expect(response(401, { category: 'EXPIRED_AUTHENTICATION' })).toBeUndefined();
  });

  it('leaves other responses to the runtime', () => {
    for (const status of [400, 404, 500, 502, 503, 504, 521, 522, 524]) expect(response(status)).toBeUndefined();
  });
});

describe('httpPolicy', () => {
  const policy = (settings: object = {}) => httpPolicy(Settings.parse({ access_token: 'pat-na1-x', ...settings }));
  const limit = (name: string, settings: object = {}) => policy(settings).limits.find((one) => one.name === name);

  it('counts searches apart from the burst, and everything for the day', () => {
    const applying = (path: string) =>
      policy()
        .limits.filter(({ applies }) => applies?.({ method: 'POST', path }) ?? true)
        .map(({ name }) => name);
    expect(applying('/crm/objects/2026-09/0-3/search')).toEqual(['search', 'day']);
    expect(applying('/crm/objects/2026-09/0-3/batch/read')).toEqual(['burst', 'day']);
  });

  it('leaves a share of the day to other apps, by its own count and by that of HubSpot', () => {
    const settings = { requests_per_day: 1_000, daily_budget_fraction: 0.8 };
    expect(limit('day', settings)?.requests).toBe(800);
    const headers = { 'x-hubspot-ratelimit-daily': '1000', 'x-hubspot-ratelimit-daily-remaining': '250' };
    expect(limit('day', settings)?.remaining?.({ status: 200, headers })).toBe(50);
    expect(limit('day', settings)?.remaining?.({ status: 200, headers: {} })).toBeUndefined();
  });

  it('refreshes the token of an installed app', () => {
    const oauth = { client_id: 'a', client_secret: 'b', refresh_token: 'c' };
    expect(httpPolicy(Settings.parse(oauth)).auth).toMatchObject({ kind: 'refresh-token', clientAuth: 'form' });
    expect(() => Settings.parse({ client_id: 'a' })).toThrow('expected an access token');
  });
});
