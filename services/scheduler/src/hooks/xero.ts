import { z } from 'zod';
import { REFUSE, type VerifyHook, WAKE } from './hook.ts';
import { readJson } from './read-json.ts';
import { hmac, isSigned } from './signature.ts';

const Payload = z.object({ events: z.array(z.unknown()) });

/** Base64 of the HMAC over the body, with the webhook's signing key. The intent to receive is a signed body without events, and signed wrongly
 *  several times on purpose: 200 or 401, nothing else.
 *  https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/ */
export const verifyXero: VerifyHook = ({ header, body }, secret) => {
  if (!isSigned(header('x-xero-signature'), hmac(secret, [body], 'base64'))) return REFUSE;
  const payload = Payload.safeParse(readJson(body));
  const isIntent = payload.success && payload.data.events.length === 0;
  return isIntent ? { kind: 'respond', headers: {} } : WAKE;
};
