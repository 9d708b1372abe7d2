import { REFUSE, type VerifyHook, WAKE } from './hook.ts';
import { hmac, isSigned } from './signature.ts';

/** Older, or further in the future: refused, so that nothing can be replayed later. */
const AGE_MS_MAX = 5 * 60_000;
/** HubSpot signs the address with these decoded, and the rest of its escapes as they are. */
const DECODED = /%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/** Signature v3: base64 of the HMAC over method, address, body and timestamp, with the client secret of the app.
 *  https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation */
export const verifyHubspot: VerifyHook = ({ method, url, header, body }, secret, nowMs) => {
  const timestamp = header('x-hubspot-request-timestamp') ?? '';
  if (!/^\d{1,15}$/.test(timestamp) || Math.abs(nowMs - Number(timestamp)) > AGE_MS_MAX) return REFUSE;
  const address = url.replace(DECODED, decodeURIComponent);
  const expected = hmac(secret, [method, address, body, timestamp], 'base64');
  return isSigned(header('x-hubspot-signature-v3'), expected) ? WAKE : REFUSE;
};
