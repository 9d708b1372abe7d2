import { failure, httpPolicy } from '../src/http.ts';
import { HubspotSettings } from '../src/settings.ts';

const answer = (status: number, json?: Parameters<typeof failure>[0]['json']) =>
  failure({ status, json, headers: {}, method: 'GET', path: '/crm/v3/objects/deals' });

describe('failure', () => {
  it('ends the run when the day is used up', () => {
    expect(answer(429, { policyName: 'DAILY' })).toMatchObject({ recovery: 'retry', stopsRun: true });
  });

  it('waits as long as the limit that was hit lasts', () => {
    expect(answer(429, { policyName: 'TEN_SECONDLY_ROLLING' })?.retryAfterMs).toBe(10_000);
    expect(answer(429, { category: 'RATE_LIMITS' })?.retryAfterMs).toBe(1_000);
  });

  it('retries a 429 of which nothing is known, as the one of the edge', () => {
    expect(answer(429)).toMatchObject({ recovery: 'retry' });
    expect(answer(429)).not.toHaveProperty('retryAfterMs');
    expect(answer(429, { policyName: 3, errors: 'none' })).toMatchObject({ recovery: 'retry' });
  });

  it('names the missing scopes', () => {
    const errors = [{ context: { requiredGranularScopes: ['crm.objects.deals.read'] } }];
    expect(answer(403, { category: 'MISSING_SCOPES', errors })).toMatchObject({ recovery: 'fix-config' });
    expect(answer(403, { category: 'MISSING_SCOPES', errors })?.message).toContain('crm.objects.deals.read');
    expect(answer(403)?.message).toContain('the read scope of this stream');
  });

  it('does not retry a token that HubSpot refuses', () => {
    expect(answer(401)?.recovery).toBe('fix-config');
    expect(answer(530)?.recovery).toBe('fix-config');
  });

  it('leaves other answers to the runtime', () => {
    for (const status of [400, 404, 414, 500, 502, 503, 504, 521, 522, 524]) expect(answer(status)).toBeUndefined();
  });
});

describe('httpPolicy', () => {
  it('counts searches apart from everything else', () => {
    const { limits } = httpPolicy(HubspotSettings.parse({ access_token: 'pat-na1-x' }));
    const applying = (path: string) =>
      limits.filter(({ applies }) => applies?.({ method: 'POST', path })).map(({ name }) => name);
    expect(applying('/crm/v3/objects/deals/search')).toEqual(['search']);
    expect(applying('/crm/v3/objects/deals/batch/read')).toEqual(['burst']);
  });
});
