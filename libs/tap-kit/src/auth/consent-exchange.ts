import type { Consent } from '../declaration.ts';
import { createExchange } from '../http/exchange.ts';
import { type ConsentGrant, type ConsentTokens, exchangeCode } from './consent.ts';

/** {@link exchangeCode} over connections of its own, for whoever runs no tap. @throws as it */
export async function exchangeConsent(
  consent: Pick<Consent, 'tokenUrl' | 'clientAuth'>,
  grant: ConsentGrant,
): Promise<ConsentTokens> {
  const { exchange, close } = createExchange({ baseUrl: consent.tokenUrl });
  try {
    return await exchangeCode(exchange, consent, grant);
  } finally {
    close();
  }
}
