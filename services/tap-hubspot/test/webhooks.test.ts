import { HOOK_URL, SIGNED_AT, sign, verifier } from '../../scheduler/test/support/signed-webhook.ts';
import { webhooks } from '../src/webhooks.ts';

describe("HubSpot's signature", () => {
  const verify = verifier(webhooks);
  const body = '[{"eventId":1,"objectId":"ä"}]';
  const signed = (timestamp: number, url = HOOK_URL) => ({
    'x-hubspot-request-timestamp': String(timestamp),
    'x-hubspot-signature-v3': sign(`POST${url}${body}${timestamp}`, 'base64'),
  });

  it('covers method, address, body and time', () => {
    expect(verify({ body, headers: signed(SIGNED_AT) })).toEqual({ kind: 'wake' });
    expect(verify({ body: `${body} `, headers: signed(SIGNED_AT) })).toEqual({ kind: 'refuse' });
    expect(verify({ body, headers: signed(SIGNED_AT), url: `${HOOK_URL}2` })).toEqual({ kind: 'refuse' });
    const moved = { ...signed(SIGNED_AT), 'x-hubspot-request-timestamp': String(SIGNED_AT + 1) };
    expect(verify({ body, headers: moved })).toEqual({ kind: 'refuse' });
    expect(verify({ body })).toEqual({ kind: 'refuse' });
  });

  it('is worth nothing after five minutes', () => {
    expect(verify({ body, headers: signed(SIGNED_AT - 300_000) })).toEqual({ kind: 'wake' });
    expect(verify({ body, headers: signed(SIGNED_AT - 300_001) })).toEqual({ kind: 'refuse' });
    expect(verify({ body, headers: signed(SIGNED_AT + 300_001) })).toEqual({ kind: 'refuse' });
  });

  it('is made over the address with these escapes decoded', () => {
    const headers = signed(SIGNED_AT, `${HOOK_URL}?a=1:2&b=x%20y`);
    expect(verify({ body, headers, url: `${HOOK_URL}?a=1%3A2&b=x%20y` })).toEqual({ kind: 'wake' });
    expect(verify({ body, headers, url: `${HOOK_URL}?a=1%3a2&b=x%20y` })).toEqual({ kind: 'wake' });
  });
});
