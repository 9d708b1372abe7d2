import { createHmac } from 'node:crypto';
import type { HookRequest } from '../src/hooks/hook.ts';
import { readHookSecrets } from '../src/hooks/read-secrets.ts';
import { VERIFIERS } from '../src/hooks/verifiers.ts';

const SECRET = 'a-signing-secret';
const NOW = Date.parse('2026-03-01T12:00:00Z');
const URL = 'https://pipeline.example.com/hooks/main';

const sign = (text: string, encoding: 'base64' | 'hex') => createHmac('sha256', SECRET).update(text).digest(encoding);

function verify(
  source: string,
  { body = '', headers = {}, url = URL }: { body?: string; headers?: Record<string, string>; url?: string },
) {
  const request: HookRequest = { method: 'POST', url, header: (name) => headers[name], body: Buffer.from(body) };
  return VERIFIERS.get(source)?.(request, SECRET, NOW);
}

describe("HubSpot's signature", () => {
  const body = '[{"eventId":1,"objectId":"ä"}]';
  const signed = (timestamp: number, url = URL) => ({
    'x-hubspot-request-timestamp': String(timestamp),
    'x-hubspot-signature-v3': sign(`POST${url}${body}${timestamp}`, 'base64'),
  });

  it('covers method, address, body and time', () => {
    expect(verify('hubspot', { body, headers: signed(NOW) })).toEqual({ kind: 'wake' });
    expect(verify('hubspot', { body: `${body} `, headers: signed(NOW) })).toEqual({ kind: 'refuse' });
    expect(verify('hubspot', { body, headers: signed(NOW), url: `${URL}2` })).toEqual({ kind: 'refuse' });
    const moved = { ...signed(NOW), 'x-hubspot-request-timestamp': String(NOW + 1) };
    expect(verify('hubspot', { body, headers: moved })).toEqual({ kind: 'refuse' });
    expect(verify('hubspot', { body })).toEqual({ kind: 'refuse' });
  });

  it('is worth nothing after five minutes', () => {
    expect(verify('hubspot', { body, headers: signed(NOW - 299_000) })).toEqual({ kind: 'wake' });
    expect(verify('hubspot', { body, headers: signed(NOW - 301_000) })).toEqual({ kind: 'refuse' });
    expect(verify('hubspot', { body, headers: signed(NOW + 301_000) })).toEqual({ kind: 'refuse' });
  });

  it('is made over the address with these escapes decoded', () => {
    const headers = signed(NOW, `${URL}?a=1:2&b=x%20y`);
    expect(verify('hubspot', { body, headers, url: `${URL}?a=1%3A2&b=x%20y` })).toEqual({ kind: 'wake' });
  });
});

describe("Xero's signature", () => {
  it('covers the body, and the intent to receive wakes nothing', () => {
    const event = '{"events":[{"resourceId":"x"}],"firstEventSequence":1}';
    const intent = '{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"S0m3r4N0m3t3xt"}';
    const of = (body: string, given = body) =>
      verify('xero', { body, headers: { 'x-xero-signature': sign(given, 'base64') } });
    expect(of(event)).toEqual({ kind: 'wake' });
    expect(of(intent)).toEqual({ kind: 'respond', headers: {} });
    expect(of(intent, event)).toEqual({ kind: 'refuse' });
    expect(verify('xero', { body: intent })).toEqual({ kind: 'refuse' });
  });
});

describe("Wrike's signature", () => {
  const handshake = '{"requestType":"WebHook secret verification"}';

  it('covers the body', () => {
    const body = '[ {"taskId":"T1","eventType":"TaskStatusChanged"} ]';
    expect(verify('wrike', { body, headers: { 'x-hook-secret': sign(body, 'hex') } })).toEqual({ kind: 'wake' });
    expect(verify('wrike', { body: '[]', headers: { 'x-hook-secret': sign(body, 'hex') } })).toEqual({
      kind: 'refuse',
    });
    expect(verify('wrike', { body })).toEqual({ kind: 'refuse' });
  });

  it('is asked for before the first event', () => {
    const headers = { 'x-hook-secret': 'challenge' };
    expect(verify('wrike', { body: handshake, headers })).toEqual({
      kind: 'respond',
      headers: { 'X-Hook-Secret': sign('challenge', 'hex') },
    });
  });

  it('of a list of events cannot be had by asking for it', () => {
    const forged = '[{"taskId":"T1"}]';
    expect(verify('wrike', { body: handshake, headers: { 'x-hook-secret': forged } })).toEqual({ kind: 'refuse' });
  });
});

describe('WEBHOOK_SECRETS', () => {
  it('names connections, and an error tells the place and not the secret', () => {
    const refused: string[] = [];
    const secrets = readHookSecrets('hubspot=abc==, xero_uk=d=e  secret', (message) => refused.push(message));
    expect([...secrets]).toEqual([
      ['hubspot', 'abc=='],
      ['xero_uk', 'd=e'],
    ]);
    expect(refused).toEqual(['entry 3: expected <connection>=<secret>']);
  });
});
