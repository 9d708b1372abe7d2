import type { Consent } from '../declaration.ts';
import { createTransport } from '../http/transport.ts';
import { type ConsentGrant, type ConsentTokens, redeemCode } from './consent.ts';

/** {@link redeemCode} over connections of its own, for whoever runs no tap. @throws as it */
export async function redeemConsent(
  consent: Pick<Consent, 'tokenUrl' | 'clientAuth'>,
  grant: ConsentGrant,
): Promise<ConsentTokens> {
  const { transport, close } = createTransport({ baseUrl: consent.tokenUrl });
  try {
    return await redeemCode(transport, consent, grant);
  } finally {
    close();
  }
}
