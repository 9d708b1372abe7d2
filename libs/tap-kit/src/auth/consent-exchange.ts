import type { Consent } from '../declaration.ts';
import { createTransport } from '../http/transport.ts';
import { type ConsentGrant, type ConsentTokens, exchangeCode } from './consent.ts';

/** {@link exchangeCode} over connections of its own, for whoever runs no tap. @throws as it */
export async function exchangeConsent(
  consent: Pick<Consent, 'tokenUrl' | 'clientAuth'>,
  grant: ConsentGrant,
): Promise<ConsentTokens> {
  const { transport, close } = createTransport({ baseUrl: consent.tokenUrl });
  try {
    return await exchangeCode(transport, consent, grant);
  } finally {
    close();
  }
}
