import { sign, verifier } from '../../scheduler/test/support/signed-webhook.ts';
import { webhooks } from '../src/webhooks.ts';

describe("Xero's signature", () => {
  it('covers the body, and the intent to receive wakes nothing', () => {
    const event = '{"events":[{"resourceId":"x"}],"firstEventSequence":1}';
    const intent = '{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"S0m3r4N0m3t3xt"}';
    const verify = verifier(webhooks);
    const of = (body: string, given = body) => verify({ body, headers: { 'x-xero-signature': sign(given, 'base64') } });
    expect(of(event)).toEqual({ kind: 'wake' });
    expect(of(intent)).toEqual({ kind: 'respond', headers: {} });
    expect(of(intent, event)).toEqual({ kind: 'refuse' });
    expect(verify({ body: intent })).toEqual({ kind: 'refuse' });
  });
});
