import { z } from 'zod';
import { REFUSE, type VerifyHook, WAKE } from './hook.ts';
import { readJson } from './read-json.ts';
import { hmac, isSigned } from './signature.ts';

const Handshake = z.object({ requestType: z.literal('WebHook secret verification') });
/** What is signed for a handshake can never be a list of events: nobody gets a payload signed by asking. */
const CHALLENGE = /^[\w+/=.-]{1,200}$/;

/** Hexadecimal HMAC over the body in X-Hook-Secret, with the secret that the webhook was made with. Before the first event Wrike sends a value
 *  in that header and expects its HMAC back. https://developers.wrike.com/docs/webhooks */
export const verifyWrike: VerifyHook = ({ header, body }, secret) => {
  const given = header('x-hook-secret') ?? '';
  const payload = readJson(body);
  if (Handshake.safeParse(payload).success) {
    if (!CHALLENGE.test(given)) return REFUSE;
    return { kind: 'respond', headers: { 'X-Hook-Secret': hmac(secret, [given], 'hex') } };
  }
  return Array.isArray(payload) && isSigned(given.toLowerCase(), hmac(secret, [body], 'hex')) ? WAKE : REFUSE;
};
