import { WebhookSignature } from '@pipeline/protocol/api';
import { readHookSecrets } from '../src/hooks/read-secrets.ts';

// How each source signs is tested beside its tap.

describe('the declaration of a signature', () => {
  it('covers the body at least', () => {
    const { error } = WebhookSignature.safeParse({ header: 'x-signature', encoding: 'hex', signs: ['url'] });
    expect(error?.issues).toMatchObject([{ path: ['signs'], message: 'the body must be signed' }]);
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
