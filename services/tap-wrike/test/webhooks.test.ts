import { sign, verifier } from '../../scheduler/test/support/signed-webhook.ts';
import { webhooks } from '../src/webhooks.ts';

describe("Wrike's signature", () => {
  const verify = verifier(webhooks);
  const handshake = '{"requestType":"WebHook secret verification"}';

  it('covers the body', () => {
    const body = '[ {"taskId":"T1","eventType":"TaskStatusChanged"} ]';
    expect(verify({ body, headers: { 'x-hook-secret': sign(body, 'hex') } })).toEqual({ kind: 'wake' });
    expect(verify({ body, headers: { 'x-hook-secret': sign(body, 'hex').toUpperCase() } })).toEqual({ kind: 'wake' });
    expect(verify({ body: '[]', headers: { 'x-hook-secret': sign(body, 'hex') } })).toEqual({ kind: 'refuse' });
    expect(verify({ body })).toEqual({ kind: 'refuse' });
  });

  it('is asked for before the first event', () => {
    const headers = { 'x-hook-secret': 'challenge' };
    expect(verify({ body: handshake, headers })).toEqual({
      kind: 'respond',
      headers: { 'x-hook-secret': sign('challenge', 'hex') },
    });
  });

  it('of a list of events cannot be had by asking for it', () => {
    const forged = '[{"taskId":"T1"}]';
    expect(verify({ body: handshake, headers: { 'x-hook-secret': forged } })).toEqual({ kind: 'refuse' });
    const challenge = 'signed-by-asking';
    expect(verify({ body: challenge, headers: { 'x-hook-secret': sign(challenge, 'hex') } })).toEqual({
      kind: 'refuse',
    });
  });
});
